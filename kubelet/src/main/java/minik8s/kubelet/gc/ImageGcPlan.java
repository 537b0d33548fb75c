package minik8s.kubelet.gc;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import minik8s.kubelet.runtime.ContainerRuntime.Image;

/**
 * Which images have to go. Pure. Source: Kubernetes' {@code image_gc_manager.go}; other than there,
 * only images that this kubelet itself has pulled are considered, for the engine may be shared, and
 * an image that was built here cannot be had again.
 */
public final class ImageGcPlan {
  /**
   * What flags say.
   *
   * @param high above which share of the disk images go, in percent
   * @param low down to which share
   * @param minimumAge younger images stay
   */
  public record Rules(int high, int low, Duration minimumAge) {}

  private ImageGcPlan() {}

  /** How many bytes have to be freed; 0 for none. */
  public static long excess(long capacity, long available, Rules rules) {
    if (capacity <= 0 || 100 - available * 100 / capacity < rules.high()) {
      return 0;
    }
    return Math.max(0, capacity * (100 - rules.low()) / 100 - available);
  }

  /**
   * The images to remove, in order.
   *
   * @param known the images that this kubelet pulled, by id
   * @param inUse ids of images that any container of the engine has
   * @param bytes that are to be freed
   */
  public static List<Image> removals(
      List<Image> images,
      Map<String, ImageLedger.Entry> known,
      Set<String> inUse,
      long bytes,
      Duration minimumAge,
      Instant now) {
    List<Image> candidates =
        images.stream()
            .filter(image -> !inUse.contains(image.id()))
            .filter(image -> old(known.get(image.id()), minimumAge, now))
            .sorted(
                Comparator.comparing((Image image) -> used(known, image)).thenComparing(Image::id))
            .toList();
    List<Image> removals = new ArrayList<>();
    long freed = 0;
    for (Image image : candidates) {
      if (freed >= bytes) {
        break;
      }
      removals.add(image);
      freed += image.sizeBytes();
    }
    return removals;
  }

  private static boolean old(
      ImageLedger.@org.jspecify.annotations.Nullable Entry entry, Duration age, Instant now) {
    return entry != null && !entry.pulled().plus(age).isAfter(now);
  }

  private static Instant used(Map<String, ImageLedger.Entry> known, Image image) {
    ImageLedger.Entry entry = known.get(image.id());
    return entry == null ? Instant.EPOCH : entry.used();
  }
}
