package minik8s.gpu;

import java.util.regex.Pattern;

/**
 * What user text may consist of before it gets anywhere near a script's header or a path.
 * Stateless. The same lists are in {@code deploy/gpu/crds.yaml}; here they hold whatever the API
 * server checked. None of them admits a quote, a blank, a newline, {@code $}, {@code ;} or a {@code
 * ..} segment, but for blanks inside the names of uploaded files, which never reach a shell.
 */
public enum Allowed {
  WORD("[A-Za-z0-9_.-]{1,64}"),
  GRES("[A-Za-z0-9_.:,-]{1,256}"),
  MEMORY("[0-9]{1,12}([KMGT]i?)?"),
  TIME("([0-9]{1,6}-)?[0-9]{1,9}(:[0-9]{2}){0,2}"),
  ARRAY("[0-9]+(-[0-9]+)?(:[0-9]+)?(,[0-9]+(-[0-9]+)?(:[0-9]+)?)*(%[0-9]+)?"),
  DEPENDENCY("[a-z]+(:[0-9]+([_+][0-9*]+)?)*([,?][a-z]+(:[0-9]+([_+][0-9*]+)?)*)*"),
  CONSTRAINT("[A-Za-z0-9_.,&|*()\\[\\]-]{1,256}"),
  MODULE("[A-Za-z0-9][A-Za-z0-9_.+/-]{0,127}"),
  MAIL_USER("[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+"),
  MAIL_TYPE("[A-Z_0-9]{1,20}"),
  /** A file that Slurm writes, with Slurm's own placeholders. */
  OUTPUT("([A-Za-z0-9_%-][A-Za-z0-9._%-]*/)*[A-Za-z0-9_%-][A-Za-z0-9._%-]*"),
  /** A pattern of files to bring back. */
  GLOB(
      "([A-Za-z0-9_*?\\[\\]-][A-Za-z0-9._*?\\[\\]-]*/)*[A-Za-z0-9_*?\\[\\]-][A-Za-z0-9._*?\\[\\]-]*"),
  /** A file to upload. */
  FILE("(\\.?[A-Za-z0-9_+@=,-][A-Za-z0-9._+@=,~ -]*/)*\\.?[A-Za-z0-9_+@=,-][A-Za-z0-9._+@=,~ -]*"),
  /** An absolute directory on the cluster. */
  DIRECTORY("(/[A-Za-z0-9_+][A-Za-z0-9._+-]*)+"),
  /** The administrator's base directory, absolute or relative to the home. */
  BASE("/?([A-Za-z0-9_][A-Za-z0-9._-]*/)*[A-Za-z0-9_][A-Za-z0-9._-]*"),
  /** A uid, a namespace or a name of Kubernetes. */
  NAME("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?");

  private final Pattern pattern;

  Allowed(String pattern) {
    this.pattern = Pattern.compile(pattern);
  }

  /** Whether the whole text keeps to this list. */
  public boolean holds(String text) {
    return pattern.matcher(text).matches();
  }

  /**
   * The text itself.
   *
   * @throws IllegalArgumentException when it does not keep to this list; the last line of defence
   */
  public String of(String text) {
    if (!holds(text)) {
      throw new IllegalArgumentException(
          name().toLowerCase(java.util.Locale.ROOT) + " has characters that are not allowed");
    }
    return text;
  }
}
