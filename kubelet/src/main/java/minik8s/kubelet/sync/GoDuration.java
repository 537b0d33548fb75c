package minik8s.kubelet.sync;

import java.time.Duration;

/** Durations as Kubernetes' messages write them, such as {@code 1m20s}. Stateless. */
final class GoDuration {
  private GoDuration() {}

  static String text(Duration duration) {
    long seconds = duration.toSeconds();
    StringBuilder text = new StringBuilder();
    if (seconds >= 3600) {
      text.append(seconds / 3600).append('h');
    }
    if (seconds >= 60) {
      text.append(seconds / 60 % 60).append('m');
    }
    return text.append(seconds % 60).append('s').toString();
  }
}
