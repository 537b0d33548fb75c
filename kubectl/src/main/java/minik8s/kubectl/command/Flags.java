package minik8s.kubectl.command;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The flags of one verb, added to a picocli model in code: annotations would cost start-up time.
 * Confined to one thread.
 */
public final class Flags {
  private final CommandSpec spec = CommandSpec.create();

  /** A model with positional arguments and no flags yet. */
  public Flags() {
    spec.parser().expandAtFiles(false).overwrittenOptionsAllowed(true);
    spec.addPositional(
        PositionalParamSpec.builder()
            .index("0..*")
            .arity("0..*")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .build());
  }

  CommandSpec spec() {
    return spec;
  }

  /** A switch that is off by default; {@code --x=false} is allowed. */
  public Flags bool(String names, String help) {
    return bool(names, false, help);
  }

  /** A switch with a default. */
  public Flags bool(String names, boolean preset, String help) {
    spec.addOption(
        OptionSpec.builder(split(names))
            .type(boolean.class)
            .arity("0..1")
            .fallbackValue("true")
            .defaultValue(Boolean.toString(preset))
            .description(help)
            .build());
    return this;
  }

  /** A flag with a text; one that is there already, as the verb's own, stays as it is. */
  public Flags text(String names, String preset, String help) {
    if (spec.findOption(split(names)[0]) != null) {
      return this;
    }
    spec.addOption(
        OptionSpec.builder(split(names))
            .type(String.class)
            .arity("1")
            .defaultValue(preset)
            .description(help)
            .build());
    return this;
  }

  /** A flag whose text may be left out; a text must then follow an equals sign. */
  public Flags optional(String names, String preset, String alone, String help) {
    text(names, preset, help);
    OptionSpec last = spec.options().get(spec.options().size() - 1);
    optional.put(last.longestName(), alone);
    return this;
  }

  private final java.util.Map<String, String> optional = new java.util.HashMap<>();

  java.util.Map<String, String> optionals() {
    return optional;
  }

  /** A flag that may be given several times. */
  public Flags list(String names, String help) {
    spec.addOption(
        OptionSpec.builder(split(names))
            .type(List.class)
            .auxiliaryTypes(String.class)
            .arity("1")
            .description(help)
            .build());
    return this;
  }

  private static String[] split(String names) {
    int space = names.indexOf(' ');
    return space < 0
        ? new String[] {names}
        : new String[] {names.substring(0, space), names.substring(space + 1)};
  }
}
