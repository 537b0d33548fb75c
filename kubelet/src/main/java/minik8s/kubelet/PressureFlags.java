package minik8s.kubelet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import minik8s.kubelet.eviction.EvictionLoop;
import minik8s.kubelet.eviction.Threshold;
import minik8s.kubelet.gc.ContainerGcPlan;
import minik8s.kubelet.gc.ImageGcPlan;
import picocli.CommandLine.Option;

/** The flags about a node that runs short, under Kubernetes' names. A picocli mixin. */
final class PressureFlags {
  private static final Pattern DURATION = Pattern.compile("(\\d+)(ms|h|m|s)");

  @Option(
      names = "--eviction-hard",
      defaultValue = Threshold.HARD,
      paramLabel = "SIGNAL<AMOUNT,…",
      description = "when a pod has to go at once (default: ${DEFAULT-VALUE})")
  String hard = Threshold.HARD;

  @Option(
      names = "--eviction-soft",
      defaultValue = "",
      paramLabel = "SIGNAL<AMOUNT,…",
      description = "when a pod has to go after a while")
  String soft = "";

  @Option(
      names = "--eviction-soft-grace-period",
      split = ",",
      paramLabel = "SIGNAL=TIME",
      description = "how long that while is, such as memory.available=1m30s")
  Map<String, String> softGrace = new LinkedHashMap<>();

  @Option(
      names = "--eviction-max-pod-grace-period",
      defaultValue = "0",
      paramLabel = "SECONDS",
      description = "what such a pod has at most to end")
  long maxGrace;

  @Option(
      names = "--eviction-minimum-reclaim",
      split = ",",
      paramLabel = "SIGNAL=AMOUNT",
      description = "how much more must be free before the node is no longer short")
  Map<String, String> reclaim = new LinkedHashMap<>();

  @Option(
      names = "--eviction-pressure-transition-period",
      defaultValue = "5m",
      paramLabel = "TIME",
      description = "how long a pressure is shown at least (default: ${DEFAULT-VALUE})")
  String transition = "5m";

  @Option(
      names = "--image-gc-high-threshold",
      defaultValue = "85",
      paramLabel = "PERCENT",
      description = "how full the disk may be before unused images go (default: ${DEFAULT-VALUE})")
  int imageHigh = 85;

  @Option(
      names = "--image-gc-low-threshold",
      defaultValue = "80",
      paramLabel = "PERCENT",
      description = "how full it is to be then (default: ${DEFAULT-VALUE})")
  int imageLow = 80;

  @Option(
      names = "--minimum-image-ttl-duration",
      defaultValue = "2m",
      paramLabel = "TIME",
      description = "younger images stay (default: ${DEFAULT-VALUE})")
  String imageAge = "2m";

  @Option(
      names = "--maximum-dead-containers-per-container",
      defaultValue = "1",
      paramLabel = "N",
      description = "ended runs that are kept of each container (default: ${DEFAULT-VALUE})")
  int deadPerContainer = 1;

  @Option(
      names = "--maximum-dead-containers",
      defaultValue = "-1",
      paramLabel = "N",
      description = "ended containers that are kept on the node; -1 for any number")
  int dead = -1;

  @Option(
      names = "--minimum-container-ttl-duration",
      defaultValue = "0s",
      paramLabel = "TIME",
      description = "containers that ended later stay (default: ${DEFAULT-VALUE})")
  String containerAge = "0s";

  EvictionLoop.Rules eviction() {
    Map<String, Duration> graces = new LinkedHashMap<>();
    softGrace.forEach((signal, time) -> graces.put(signal, duration(time)));
    List<Threshold> all = new ArrayList<>(Threshold.parse(hard, Map.of(), reclaim));
    List<Threshold> later = Threshold.parse(soft, graces, reclaim);
    for (Threshold threshold : later) {
      if (threshold.grace().isZero()) {
        throw new IllegalArgumentException(
            "grace period must be specified for the soft eviction threshold "
                + threshold.signal().text());
      }
    }
    all.addAll(later);
    return new EvictionLoop.Rules(all, Duration.ofSeconds(maxGrace), duration(transition));
  }

  ImageGcPlan.Rules images() {
    if (imageLow >= imageHigh) {
      throw new IllegalArgumentException(
          "--image-gc-low-threshold must be below --image-gc-high-threshold");
    }
    return new ImageGcPlan.Rules(imageHigh, imageLow, duration(imageAge));
  }

  ContainerGcPlan.Rules containers() {
    return new ContainerGcPlan.Rules(deadPerContainer, dead, duration(containerAge));
  }

  /**
   * Go's way to write durations, such as {@code 1m30s}.
   *
   * @throws IllegalArgumentException when it is none
   */
  static Duration duration(String text) {
    Matcher part = DURATION.matcher(text);
    Duration sum = Duration.ZERO;
    int end = 0;
    while (part.find() && part.start() == end) {
      long amount = Long.parseLong(part.group(1));
      sum =
          sum.plus(
              switch (part.group(2)) {
                case "h" -> Duration.ofHours(amount);
                case "m" -> Duration.ofMinutes(amount);
                case "s" -> Duration.ofSeconds(amount);
                default -> Duration.ofMillis(amount);
              });
      end = part.end();
    }
    if (end == 0 || end != text.length()) {
      throw new IllegalArgumentException("\"" + text + "\" is no duration such as 1m30s");
    }
    return sum;
  }
}
