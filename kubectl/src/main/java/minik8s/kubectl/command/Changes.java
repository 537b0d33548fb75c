package minik8s.kubectl.command;

import java.util.Map;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.client.Query;
import minik8s.kubectl.client.ServerException;
import minik8s.kubectl.output.ObjectPrinter;
import org.jspecify.annotations.Nullable;

/**
 * What verbs that change objects share: dry runs, validation, the field manager, and the line that
 * tells what happened. Confined to one thread.
 */
final class Changes {
  private final Session session;
  private final Arguments arguments;
  private final @Nullable ObjectPrinter printer;

  Changes(Session session, Arguments arguments) {
    this.session = session;
    this.arguments = arguments;
    String format = arguments.text("--output");
    if (format.equals("wide")) {
      throw KubectlException.error(
          "unable to match a printer suitable for the output format \"wide\", allowed formats are: "
              + ObjectPrinter.FORMATS.replace("wide,", ""));
    }
    this.printer = ObjectPrinter.of(format, arguments.bool("--show-managed-fields"), true);
    dryRun();
  }

  /** Adds --dry-run, -o, --field-manager and --show-managed-fields. */
  static Flags flags(Flags flags, String manager) {
    return flags
        .optional("--dry-run", "none", "unchanged", "Must be \"none\", \"server\", or \"client\".")
        .text("-o --output", "", "Output format. One of: (" + ObjectPrinter.FORMATS + ").")
        .text("--field-manager", manager, "Name of the manager used to track field ownership.")
        .bool("--show-managed-fields", "Keep managedFields in JSON or YAML.")
        .text("--template", "", "Template for go-template output, which is not supported.")
        .bool("--allow-missing-template-keys", true, "Ignore missing fields in templates.");
  }

  /** Adds --validate. */
  static Flags validated(Flags flags) {
    return flags.optional(
        "--validate",
        "strict",
        "strict",
        "Must be one of: strict (or true), warn, ignore (or false).");
  }

  private String dryRun() {
    String value = arguments.text("--dry-run");
    return switch (value) {
      case "none", "client", "server" -> value;
      case "unchanged" ->
          throw KubectlException.error(
              "--dry-run flag without a value was specified. A value must be set: \"none\", \"server\","
                  + " or \"client\".");
      default ->
          throw KubectlException.error(
              "Invalid dry-run value ("
                  + value
                  + "). Must be \"none\", \"server\", or \"client\".");
    };
  }

  /** Whether nothing may be sent at all. */
  boolean local() {
    return dryRun().equals("client");
  }

  /** Whether the server is only to pretend. */
  boolean pretended() {
    return dryRun().equals("server");
  }

  /** The query of a write. */
  Query query() {
    return new Query()
        .with("dryRun", pretended() ? "All" : "")
        .with("fieldManager", arguments.text("--field-manager"));
  }

  /** The query of a write whose fields the server checks. */
  Query validatedQuery() {
    return query().with("fieldValidation", validation());
  }

  private String validation() {
    return switch (arguments.text("--validate")) {
      case "true", "strict", "" -> "Strict";
      case "warn" -> "Warn";
      case "false", "ignore" -> "Ignore";
      default ->
          throw KubectlException.error(
              "invalid - validate option \""
                  + arguments.text("--validate")
                  + "\"; must be one of: strict (or true), warn, ignore (or false)");
    };
  }

  /** Whether documents are printed rather than lines. */
  boolean documents() {
    return printer != null;
  }

  /** Tells what happened to an object, such as {@code created}. */
  void report(Item item, String operation) {
    if (printer != null) {
      print(item.object());
      return;
    }
    String suffix = local() ? " (dry run)" : pretended() ? " (server dry run)" : "";
    session.print(item.label() + " " + operation + suffix);
  }

  /** Prints a document with the chosen printer, if there is one. */
  void print(Map<String, Object> document) {
    if (printer != null) {
      session.streams().out().append(printer.print(document));
    }
  }

  /** Runs a step on an object of a file; the file's name goes into a refusal. */
  static <T> T from(Item item, String doing, java.util.function.Supplier<T> step) {
    try {
      return step.get();
    } catch (ServerException e) {
      if (item.source().isEmpty()) {
        throw e;
      }
      throw e.when("error when " + doing + " \"" + item.source() + "\"");
    }
  }
}
