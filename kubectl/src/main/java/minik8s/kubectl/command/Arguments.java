package minik8s.kubectl.command;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import minik8s.kubectl.client.KubectlException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** What the user typed after the verb, parsed. Immutable. */
public final class Arguments {
  private final ParseResult parsed;
  private final List<String> positionals;
  private final @Nullable List<String> afterDash;

  Arguments(ParseResult parsed, @Nullable List<String> afterDash) {
    this.parsed = parsed;
    this.afterDash = afterDash;
    List<String> words = new ArrayList<>();
    for (ArgSpec positional : parsed.matchedPositionals()) {
      words.addAll(positional.originalStringValues());
      break;
    }
    this.positionals = List.copyOf(words);
  }

  /** The words that are no flags, up to a {@code --}. */
  public List<String> words() {
    return positionals;
  }

  /** The words that are no flags, with those after a {@code --}. */
  public List<String> allWords() {
    List<String> out = new ArrayList<>(positionals);
    out.addAll(command());
    return out;
  }

  /** The words after {@code --}; empty when there are none. */
  public List<String> command() {
    return afterDash == null ? List.of() : afterDash;
  }

  /** Whether there was a {@code --}. */
  public boolean dashed() {
    return afterDash != null;
  }

  /** Whether the flag was given. */
  public boolean given(String name) {
    return parsed.hasMatchedOption(name);
  }

  /** A switch. */
  public boolean bool(String name) {
    return Boolean.TRUE.equals(option(name).getValue());
  }

  /** A text; empty when absent. */
  public String text(String name) {
    Object value = option(name).getValue();
    return value == null ? "" : value.toString();
  }

  /** All values of a repeated flag. */
  public List<String> list(String name) {
    List<String> out = new ArrayList<>();
    if (option(name).getValue() instanceof List<?> values) {
      for (Object value : values) {
        out.add(String.valueOf(value));
      }
    }
    return out;
  }

  /** All values of a repeated flag, each cut at its commas. */
  public List<String> commas(String name) {
    List<String> out = new ArrayList<>();
    for (String value : list(name)) {
      out.addAll(List.of(value.split(",", -1)));
    }
    return out;
  }

  /** A whole number. */
  public long number(String name) {
    String text = text(name);
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw invalid(text, name, "strconv.ParseInt: parsing \"" + text + "\": invalid syntax");
    }
  }

  /** A time in Go's form such as {@code 1h30m}. */
  public Duration duration(String name) {
    String text = text(name);
    Duration duration = GoDuration.parse(text);
    if (duration == null) {
      throw invalid(text, name, "time: invalid duration \"" + text + "\"");
    }
    return duration;
  }

  private static KubectlException invalid(String text, String name, String why) {
    return KubectlException.error(
        "invalid argument \"" + text + "\" for \"" + name + "\" flag: " + why);
  }

  private OptionSpec option(String name) {
    OptionSpec option = parsed.commandSpec().findOption(name);
    if (option == null) {
      throw new IllegalArgumentException("no flag " + name);
    }
    return option;
  }
}
