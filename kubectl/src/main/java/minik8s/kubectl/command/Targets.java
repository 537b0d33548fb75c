package minik8s.kubectl.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import minik8s.kubectl.client.Discovery;
import minik8s.kubectl.client.KnownTypes;
import minik8s.kubectl.client.KubectlException;
import minik8s.kubectl.client.Query;
import minik8s.kubectl.client.ResourceType;
import minik8s.kubectl.client.ServerException;
import minik8s.kubectl.document.Tree;
import minik8s.kubectl.manifest.GpuJobFiles;
import minik8s.kubectl.manifest.Manifest;
import minik8s.kubectl.manifest.ManifestReader;

/**
 * The objects that a command line speaks of: words such as {@code po,svc}, {@code deploy/x}, {@code
 * pod a b}, files, selectors. Confined to one thread.
 */
public final class Targets {
  private final Session session;
  private final Arguments arguments;
  private final List<KubectlException> failures = new ArrayList<>();

  /** Targets of a command with the flags of {@link #flags}. */
  public Targets(Session session, Arguments arguments) {
    this.session = session;
    this.arguments = arguments;
  }

  /** What to ask for: one object or a whole collection. */
  public sealed interface Wanted {
    /** The type. */
    ResourceType type();

    /** The namespace; empty for none, and for all of them. */
    String namespace();

    /** One object by its name. */
    record One(ResourceType type, String namespace, String name) implements Wanted {}

    /** A collection; an empty namespace means all. */
    record Every(ResourceType type, String namespace) implements Wanted {}
  }

  /** Adds -f, -R, -l, -A and --field-selector. */
  static Flags flags(Flags flags) {
    return files(flags)
        .bool("-A --all-namespaces", "If present, across all namespaces.")
        .text("-l --selector", "", "Selector (label query) to filter on.")
        .text("--field-selector", "", "Selector (field query) to filter on.");
  }

  /** Adds -f and -R. */
  static Flags files(Flags flags) {
    return flags
        .list("-f --filename", "Filename, directory, or URL to files to use.")
        .bool("-R --recursive", "Process the directory used in -f, --filename recursively.");
  }

  /** Failures gathered so far, in order. */
  public List<KubectlException> failures() {
    return failures;
  }

  /** Throws all gathered failures as one. */
  public void settle() {
    settle(failures);
  }

  static void settle(List<KubectlException> failures) {
    if (failures.size() == 1) {
      throw failures.get(0);
    }
    if (!failures.isEmpty()) {
      StringBuilder out = new StringBuilder();
      for (KubectlException failure : failures) {
        String text = failure.text();
        boolean own = text.startsWith("error: ") && !(failure instanceof ServerException);
        out.append(own ? text.substring("error: ".length()) : text).append('\n');
      }
      throw new KubectlException(out.toString());
    }
  }

  /** Whether files were named. */
  public boolean fromFiles() {
    return !arguments.list("--filename").isEmpty();
  }

  /** The manifests of the -f flags. */
  public List<Manifest> manifests() {
    return new ManifestReader(session.streams().in(), arguments.bool("--recursive"))
        .read(arguments.list("--filename"));
  }

  /** The objects named in files, without asking the server for them. */
  public List<Item> fileItems() {
    return fileItems(true);
  }

  /** The objects named in files, GPU jobs with the files of their local folders. */
  List<Item> packedItems() {
    List<Item> out = new ArrayList<>();
    for (Item item : fileItems()) {
      try {
        if (GpuJobFiles.wanting(item.object())) {
          GpuJobFiles.pack(item.object(), item.source());
        }
        out.add(item);
      } catch (KubectlException e) {
        failures.add(e);
      }
    }
    return out;
  }

  /** The objects named in files; without a server they stay as they are and of known kinds. */
  List<Item> fileItems(boolean online) {
    List<Item> out = new ArrayList<>();
    for (Manifest manifest : manifests()) {
      if (!online) {
        out.add(offline(manifest));
        continue;
      }
      ResourceType type = session.discovery().byKind(manifest.apiVersion(), manifest.kind());
      if (type == null) {
        failures.add(unknownKind(manifest));
        continue;
      }
      try {
        out.add(item(type, manifest));
      } catch (KubectlException e) {
        failures.add(e);
      }
    }
    return out;
  }

  static Item offline(Manifest manifest) {
    ResourceType type = KnownTypes.byKind(manifest.apiVersion(), manifest.kind());
    if (type == null) {
      int slash = manifest.apiVersion().indexOf('/');
      String singular = manifest.kind().toLowerCase(Locale.ROOT);
      type =
          new ResourceType(
              manifest.apiVersion().substring(0, Math.max(slash, 0)),
              manifest.apiVersion().substring(slash + 1),
              singular + "s",
              singular,
              manifest.kind(),
              true,
              List.of(),
              List.of(),
              List.of(),
              true);
    }
    return new Item(
        type, manifest.namespace(), manifest.name(), manifest.document(), manifest.source());
  }

  private Item item(ResourceType type, Manifest manifest) {
    String namespace = "";
    if (type.namespaced()) {
      namespace = manifest.namespace().isEmpty() ? session.namespace() : manifest.namespace();
      if (session.namespaceGiven() && !namespace.equals(session.namespace())) {
        throw KubectlException.error(
            "the namespace from the provided object \""
                + namespace
                + "\" does not match the namespace \""
                + session.namespace()
                + "\". You must pass '--namespace="
                + namespace
                + "' to perform this operation.");
      }
      Tree.put(manifest.document(), namespace, "metadata", "namespace");
    }
    return new Item(type, namespace, manifest.name(), manifest.document(), manifest.source());
  }

  static KubectlException unknownKind(Manifest manifest) {
    return KubectlException.error(
        "resource mapping not found for name: \""
            + manifest.name()
            + "\" namespace: \""
            + manifest.namespace()
            + "\" from \""
            + manifest.source()
            + "\": no matches for kind \""
            + manifest.kind()
            + "\" in version \""
            + manifest.apiVersion()
            + "\"\nensure CRDs are installed first");
  }

  private boolean all() {
    return arguments.bool("--all-namespaces");
  }

  private String selector() {
    return arguments.text("--selector");
  }

  /** What the words mean. */
  public List<Wanted> wanted(List<String> words) {
    if (words.isEmpty()) {
      return List.of();
    }
    List<Wanted> out = new ArrayList<>();
    if (words.get(0).indexOf('/') > 0 && !words.get(0).startsWith("/")) {
      for (String word : words) {
        out.add(slashed(word));
      }
      return out;
    }
    List<ResourceType> types = types(words.get(0));
    for (ResourceType type : types) {
      String namespace = type.namespaced() && !all() ? session.namespace() : "";
      if (words.size() == 1) {
        out.add(new Wanted.Every(type, namespace));
      }
      for (String name : words.subList(1, words.size())) {
        out.add(named(type, name));
      }
    }
    return out;
  }

  private Wanted slashed(String word) {
    int slash = word.indexOf('/');
    if (slash < 1 || slash == word.length() - 1 || word.indexOf('/', slash + 1) > 0) {
      if (slash < 0) {
        throw KubectlException.error(
            "there is no need to specify a resource type as a separate argument when passing"
                + " arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>'"
                + " instead of 'kubectl get resource resource/<resource_name>'");
      }
      throw KubectlException.error(
          "arguments in resource/name form may not have more than one slash");
    }
    ResourceType type = session.discovery().byWord(word.substring(0, slash));
    return named(type, word.substring(slash + 1));
  }

  private Wanted named(ResourceType type, String name) {
    if (name.indexOf('/') >= 0) {
      throw KubectlException.error(
          "there is no need to specify a resource type as a separate argument when passing"
              + " arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>'"
              + " instead of 'kubectl get resource resource/<resource_name>'");
    }
    if (!selector().isEmpty()) {
      throw KubectlException.error("name cannot be provided when a selector is specified");
    }
    if (all() && type.namespaced()) {
      throw KubectlException.error("a resource cannot be retrieved by name across all namespaces");
    }
    return new Wanted.One(type, type.namespaced() ? session.namespace() : "", name);
  }

  private List<ResourceType> types(String words) {
    List<ResourceType> out = new ArrayList<>();
    Discovery discovery = session.discovery();
    for (String word : words.split(",", -1)) {
      if (word.isEmpty()) {
        throw KubectlException.error("arguments must consist of a resource or a resource and name");
      }
      List<ResourceType> category = word.equals("all") ? discovery.category("all") : List.of();
      if (category.isEmpty()) {
        out.add(type(discovery, word));
      }
      out.addAll(category);
    }
    return out;
  }

  private static ResourceType type(Discovery discovery, String word) {
    try {
      return discovery.byWord(word);
    } catch (KubectlException e) {
      List<ResourceType> category = discovery.category(word);
      if (category.size() == 1) {
        return category.get(0);
      }
      throw e;
    }
  }

  /** The live objects that words or files mean, gathering failures. */
  public List<Item> items(List<String> words) {
    List<Item> out = new ArrayList<>();
    if (fromFiles()) {
      for (Item item : fileItems()) {
        gather(() -> out.add(item.with(session.server().get(item.path()))));
      }
      return out;
    }
    for (Wanted one : wanted(words)) {
      gather(() -> fetch(one, out));
    }
    return out;
  }

  private void fetch(Wanted wanted, List<Item> out) {
    switch (wanted) {
      case Wanted.One one -> out.add(get(one));
      case Wanted.Every every -> out.addAll(list(every));
    }
  }

  void gather(Runnable step) {
    try {
      step.run();
    } catch (ServerException e) {
      failures.add(e);
    }
  }

  private Item get(Wanted.One one) {
    return Item.live(
        one.type(), session.server().get(one.type().path(one.namespace(), one.name())));
  }

  /** All objects of a collection, page by page. */
  List<Item> list(Wanted.Every every) {
    List<Item> out = new ArrayList<>();
    String next = "";
    do {
      Map<String, Object> page =
          session.server().get(every.type().path(every.namespace()) + query(next));
      for (Object item : Tree.list(page, "items")) {
        out.add(Item.live(every.type(), Tree.asMap(item)));
      }
      next = Tree.text(page, "metadata", "continue");
    } while (!next.isEmpty());
    return out;
  }

  private Query query(String next) {
    return new Query()
        .with("continue", next)
        .with("fieldSelector", arguments.text("--field-selector"))
        .with("labelSelector", selector())
        .with("limit", "500");
  }
}
