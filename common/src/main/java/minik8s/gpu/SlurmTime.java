package minik8s.gpu;

import java.time.Duration;

/** Time limits as Slurm writes them. Stateless. Source: {@code sbatch --time}. */
public final class SlurmTime {
  private SlurmTime() {}

  /** {@code minutes}, {@code m:s}, {@code h:m:s}, {@code d-h}, {@code d-h:m}, {@code d-h:m:s}. */
  public static Duration parse(String text) {
    Allowed.TIME.of(text);
    int dash = text.indexOf('-');
    String[] parts = text.substring(dash + 1).split(":", -1);
    long[] n = new long[3];
    for (int i = 0; i < parts.length; i++) {
      n[i] = Long.parseLong(parts[i]);
    }
    if (dash > 0) {
      long days = Long.parseLong(text.substring(0, dash));
      return Duration.ofDays(days).plusHours(n[0]).plusMinutes(n[1]).plusSeconds(n[2]);
    }
    return switch (parts.length) {
      case 1 -> Duration.ofMinutes(n[0]);
      case 2 -> Duration.ofMinutes(n[0]).plusSeconds(n[1]);
      default -> Duration.ofHours(n[0]).plusMinutes(n[1]).plusSeconds(n[2]);
    };
  }
}
