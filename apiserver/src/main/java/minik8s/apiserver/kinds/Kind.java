package minik8s.apiserver.kinds;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One served kind in one version: data, not a class. Immutable.
 *
 * @param group the API group, empty for the core group
 * @param version such as {@code v1}
 * @param kind such as {@code Deployment}
 * @param plural the path segment, such as {@code deployments}
 * @param singular such as {@code deployment}
 * @param namespaced whether its paths carry a namespace
 * @param shortNames such as {@code deploy}
 * @param categories such as {@code all}
 * @param verbs what can be done with the main resource
 * @param status whether it has {@code /status}, which then owns the status
 * @param scale where its {@code /scale} looks; null when it has none
 * @param generation whether {@code metadata.generation} is kept
 * @param storageGroupVersion group and version that objects are stored in; versions of one resource
 *     share it
 * @param storagePlural the resource name in the store
 * @param fieldSelectors dotted paths that can be selected by, beyond {@code metadata.name} and
 *     {@code metadata.namespace}
 * @param subresources everything below an object, as discovery lists it
 * @param custom whether a CustomResourceDefinition opened it
 * @param listKind such as {@code DeploymentList}
 * @param columns the printer columns of a custom kind; empty for built-in kinds
 */
public record Kind(
    String group,
    String version,
    String kind,
    String plural,
    String singular,
    boolean namespaced,
    List<String> shortNames,
    List<String> categories,
    Set<String> verbs,
    boolean status,
    @Nullable ScalePaths scale,
    boolean generation,
    String storageGroupVersion,
    String storagePlural,
    Set<String> fieldSelectors,
    List<Subresource> subresources,
    boolean custom,
    String listKind,
    List<PrinterColumn> columns) {

  /** The verbs of an ordinary stored resource. */
  public static final Set<String> ALL_VERBS =
      Set.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");

  public Kind {
    shortNames = List.copyOf(shortNames);
    categories = List.copyOf(categories);
    verbs = Set.copyOf(verbs);
    fieldSelectors = Set.copyOf(fieldSelectors);
    subresources = List.copyOf(subresources);
    columns = List.copyOf(columns);
  }

  /** {@code v1} or {@code apps/v1}. */
  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /** {@code pods} or {@code deployments.apps}, as messages name the resource. */
  public String qualifiedPlural() {
    return group.isEmpty() ? plural : plural + "." + group;
  }

  /** {@code Pod} or {@code Deployment.apps}, as messages name the kind. */
  public String qualifiedKind() {
    return group.isEmpty() ? kind : kind + "." + group;
  }

  /** Whether objects are stored in another version than this one. */
  public boolean converted() {
    return !storageGroupVersion.equals(apiVersion());
  }

  /** Whether it is only ever created and never stored, as reviews are. */
  public boolean virtual() {
    return verbs.equals(Set.of("create"));
  }

  /** The verbs in the order in which discovery lists them. */
  public List<String> sortedVerbs() {
    return List.copyOf(new TreeSet<>(verbs));
  }

  /** The subresource of that name; null when there is none. */
  public @Nullable Subresource subresource(String name) {
    for (Subresource each : subresources) {
      if (each.name().equals(name)) {
        return each;
      }
    }
    return null;
  }

  /** Enough to find a kind quickly; equality still compares everything. */
  @Override
  public int hashCode() {
    return Objects.hash(group, version, plural);
  }

  /** Starts the description of a kind with the verbs of a stored, namespaced resource. */
  static Builder describe(String group, String version, String kind, String plural) {
    return new Builder(group, version, kind, plural);
  }

  /** Collects the parts of a kind. Confined to one thread. */
  static final class Builder {
    private final String group;
    private final String version;
    private final String kind;
    private final String plural;
    private String singular;
    private String listKind;
    private boolean namespaced = true;
    private List<String> shortNames = List.of();
    private List<String> categories = List.of();
    private Set<String> verbs = ALL_VERBS;
    private boolean status;
    private @Nullable ScalePaths scale;
    private boolean generation;
    private String storageGroupVersion;
    private String storagePlural;
    private Set<String> fieldSelectors = Set.of();
    private final List<Subresource> subresources = new ArrayList<>();
    private boolean custom;
    private List<PrinterColumn> columns = List.of();

    private Builder(String group, String version, String kind, String plural) {
      this.group = group;
      this.version = version;
      this.kind = kind;
      this.plural = plural;
      this.singular = kind.toLowerCase(java.util.Locale.ROOT);
      this.listKind = kind + "List";
      this.storageGroupVersion = group.isEmpty() ? version : group + "/" + version;
      this.storagePlural = plural;
    }

    Builder cluster() {
      namespaced = false;
      return this;
    }

    Builder singular(String name) {
      singular = name;
      return this;
    }

    Builder listKind(String name) {
      listKind = name;
      return this;
    }

    Builder shortNames(String... names) {
      return shortNames(List.of(names));
    }

    Builder shortNames(List<String> names) {
      shortNames = names;
      return this;
    }

    Builder categories(String... names) {
      return categories(List.of(names));
    }

    Builder categories(List<String> names) {
      categories = names;
      return this;
    }

    Builder verbs(String... names) {
      verbs = Set.of(names);
      return this;
    }

    Builder generation() {
      generation = true;
      return this;
    }

    Builder storedAs(String groupVersion, String pluralName) {
      storageGroupVersion = groupVersion;
      storagePlural = pluralName;
      return this;
    }

    Builder fields(String... paths) {
      fieldSelectors = Set.of(paths);
      return this;
    }

    Builder fields(Set<String> paths) {
      fieldSelectors = paths;
      return this;
    }

    Builder columns(List<PrinterColumn> list) {
      columns = list;
      return this;
    }

    Builder custom() {
      custom = true;
      return this;
    }

    /** Adds {@code /status}. */
    Builder status() {
      status = true;
      return sub("status", "get", "patch", "update");
    }

    /** Adds {@code /scale}. */
    Builder scale(ScalePaths paths) {
      scale = paths;
      subresources.add(
          new Subresource(
              "scale", "autoscaling", "v1", "Scale", List.of("get", "patch", "update")));
      return this;
    }

    /** Adds a subresource that exchanges documents of the kind itself. */
    Builder sub(String name, String... subVerbs) {
      subresources.add(new Subresource(name, group, version, kind, List.of(subVerbs)));
      return this;
    }

    /** Adds a subresource that exchanges documents of another kind. */
    Builder foreign(
        String name, String subGroup, String subVersion, String subKind, String... subVerbs) {
      subresources.add(new Subresource(name, subGroup, subVersion, subKind, List.of(subVerbs)));
      return this;
    }

    Kind build() {
      return new Kind(
          group,
          version,
          kind,
          plural,
          singular,
          namespaced,
          shortNames,
          categories,
          verbs,
          status,
          scale,
          generation,
          storageGroupVersion,
          storagePlural,
          fieldSelectors,
          subresources,
          custom,
          listKind,
          columns);
    }
  }
}
