package minik8s.scheduler.framework;

import java.util.ArrayList;
import java.util.List;
import minik8s.api.Pod;
import minik8s.api.PodSpec;

/**
 * What a pod says about the whereabouts of other pods. Immutable.
 *
 * @param nearTo required affinity
 * @param farFrom required anti-affinity
 * @param preferences preferred affinity and, with negative weight, anti-affinity
 */
public record PodAffinities(
    List<PodTerm> nearTo, List<PodTerm> farFrom, List<PodTerm> preferences) {
  /** Of a pod that says nothing. */
  public static final PodAffinities NONE = new PodAffinities(List.of(), List.of(), List.of());

  public PodAffinities {
    nearTo = List.copyOf(nearTo);
    farFrom = List.copyOf(farFrom);
    preferences = List.copyOf(preferences);
  }

  static PodAffinities of(Pod pod) {
    PodSpec.Affinity affinity = pod.spec().affinity();
    if (affinity == null
        || (affinity.podAffinity() == null && affinity.podAntiAffinity() == null)) {
      return NONE;
    }
    List<PodTerm> nearTo = new ArrayList<>();
    List<PodTerm> farFrom = new ArrayList<>();
    List<PodTerm> preferences = new ArrayList<>();
    PodSpec.PodAffinity near = affinity.podAffinity();
    if (near != null) {
      read(near, pod, 1, nearTo, preferences);
    }
    PodSpec.PodAffinity far = affinity.podAntiAffinity();
    if (far != null) {
      read(far, pod, -1, farFrom, preferences);
    }
    return new PodAffinities(nearTo, farFrom, preferences);
  }

  private static void read(
      PodSpec.PodAffinity affinity,
      Pod pod,
      int sign,
      List<PodTerm> required,
      List<PodTerm> preferences) {
    affinity
        .requiredDuringSchedulingIgnoredDuringExecution()
        .forEach(term -> required.add(PodTerm.of(term, pod, 0)));
    affinity
        .preferredDuringSchedulingIgnoredDuringExecution()
        .forEach(
            wish -> preferences.add(PodTerm.of(wish.podAffinityTerm(), pod, sign * wish.weight())));
  }
}
