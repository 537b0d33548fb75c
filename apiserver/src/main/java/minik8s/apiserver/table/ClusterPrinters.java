package minik8s.apiserver.table;

import static minik8s.apiserver.table.Texts.text;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** Nodes, namespaces, events, configuration and access rules as rows. Stateless. */
final class ClusterPrinters {
  private static final String ROLE_LABEL = "node-role.kubernetes.io/";

  private ClusterPrinters() {}

  static void addTo(Map<String, Printer> printers) {
    printers.put(
        "/nodes",
        Printer.of(
            Column.named(
                "Status",
                "Roles",
                "Age",
                "Version",
                "Internal-IP*",
                "External-IP*",
                "OS-Image*",
                "Kernel-Version*",
                "Container-Runtime*"),
            ClusterPrinters::node));
    printers.put(
        "/namespaces",
        Printer.of(
            Column.named("Status", "Age"),
            (doc, row, now) ->
                row.text(text(doc.path("status"), "phase")).text(Texts.age(doc, now))));
    printers.put(
        "/configmaps",
        Printer.of(
            Column.named("Data", "Age"),
            (doc, row, now) ->
                row.number(doc.path("data").size() + doc.path("binaryData").size())
                    .text(Texts.age(doc, now))));
    printers.put(
        "/secrets",
        Printer.of(
            Column.named("Type", "Data", "Age"),
            (doc, row, now) ->
                row.text(text(doc, "type"))
                    .number(doc.path("data").size())
                    .text(Texts.age(doc, now))));
    printers.put(
        "/serviceaccounts",
        Printer.of(
            Column.named("Secrets", "Age"),
            (doc, row, now) -> row.number(doc.path("secrets").size()).text(Texts.age(doc, now))));
    Printer events = new EventPrinter();
    printers.put("/events", events);
    printers.put("events.k8s.io/events", events);
    printers.put(
        "coordination.k8s.io/leases",
        Printer.of(
            Column.named("Holder", "Age"),
            (doc, row, now) ->
                row.text(text(doc.path("spec"), "holderIdentity")).text(Texts.age(doc, now))));
    printers.put(
        "scheduling.k8s.io/priorityclasses",
        Printer.of(
            Column.named("Value:integer", "Global-Default:boolean", "Age", "PreemptionPolicy"),
            (doc, row, now) ->
                row.number(Texts.number(doc, "value"))
                    .flag(doc.path("globalDefault").asBoolean(false))
                    .text(Texts.age(doc, now))
                    .text(text(doc, "preemptionPolicy"))));
    access(printers);
    Printer dated =
        Printer.of(
            List.of(Column.NAME, Column.of("Created At:date")),
            (doc, row, now) -> row.text(text(doc.path("metadata"), "creationTimestamp")));
    printers.put("/limitranges", dated);
    printers.put("apiextensions.k8s.io/customresourcedefinitions", dated);
    printers.put("rbac.authorization.k8s.io/roles", dated);
    printers.put("rbac.authorization.k8s.io/clusterroles", dated);
    printers.put(
        "/resourcequotas",
        Printer.of(Column.named("Age", "Request", "Limit"), ClusterPrinters::quota));
  }

  private static void access(Map<String, Printer> printers) {
    Printer bindings =
        Printer.of(
            Column.named("Role", "Age", "Users*", "Groups*", "ServiceAccounts*"),
            ClusterPrinters::binding);
    printers.put("rbac.authorization.k8s.io/rolebindings", bindings);
    printers.put("rbac.authorization.k8s.io/clusterrolebindings", bindings);
  }

  private static void node(JsonNode doc, Printer.Row row, Instant now) {
    JsonNode status = doc.path("status");
    JsonNode info = status.path("nodeInfo");
    row.text(nodeStatus(doc)).orNone(roles(doc)).text(Texts.age(doc, now));
    row.text(text(info, "kubeletVersion"));
    row.text(address(status, "InternalIP")).text(address(status, "ExternalIP"));
    for (String field : List.of("osImage", "kernelVersion", "containerRuntimeVersion")) {
      row.text(text(info, field).isEmpty() ? Texts.UNKNOWN : text(info, field));
    }
  }

  private static String nodeStatus(JsonNode doc) {
    String ready = "Unknown";
    for (JsonNode condition : doc.path("status").path("conditions")) {
      if (text(condition, "type").equals("Ready")) {
        ready = text(condition, "status").equals("True") ? "Ready" : "NotReady";
      }
    }
    boolean closed = doc.path("spec").path("unschedulable").asBoolean(false);
    return closed ? ready + ",SchedulingDisabled" : ready;
  }

  private static String roles(JsonNode doc) {
    TreeSet<String> roles = new TreeSet<>();
    for (Map.Entry<String, JsonNode> label : doc.path("metadata").path("labels").properties()) {
      if (label.getKey().startsWith(ROLE_LABEL) && label.getKey().length() > ROLE_LABEL.length()) {
        roles.add(label.getKey().substring(ROLE_LABEL.length()));
      } else if (label.getKey().equals("kubernetes.io/role")) {
        roles.add(label.getValue().asString(""));
      }
    }
    return String.join(",", roles);
  }

  private static String address(JsonNode status, String type) {
    for (JsonNode address : status.path("addresses")) {
      if (text(address, "type").equals(type)) {
        return text(address, "address");
      }
    }
    return Texts.NONE;
  }

  private static void binding(JsonNode doc, Printer.Row row, Instant now) {
    JsonNode role = doc.path("roleRef");
    row.text(text(role, "kind") + "/" + text(role, "name")).text(Texts.age(doc, now));
    row.text(subjects(doc, "User")).text(subjects(doc, "Group"));
    row.text(subjects(doc, "ServiceAccount"));
  }

  private static String subjects(JsonNode doc, String kind) {
    List<String> names = new ArrayList<>();
    for (JsonNode subject : doc.path("subjects")) {
      if (text(subject, "kind").equals(kind)) {
        String namespace = text(subject, "namespace");
        boolean account = kind.equals("ServiceAccount");
        names.add((account ? namespace + "/" : "") + text(subject, "name"));
      }
    }
    return String.join(", ", names);
  }

  private static void quota(JsonNode doc, Printer.Row row, Instant now) {
    List<String> requests = new ArrayList<>();
    List<String> limits = new ArrayList<>();
    JsonNode used = doc.path("status").path("used");
    for (Map.Entry<String, JsonNode> hard : doc.path("status").path("hard").properties()) {
      String name = hard.getKey();
      String text =
          name + ": " + used.path(name).asString("0") + "/" + hard.getValue().asString("");
      (name.toLowerCase(Locale.ROOT).startsWith("limits") ? limits : requests).add(text);
    }
    row.text(Texts.age(doc, now)).text(String.join(", ", requests)).text(String.join(", ", limits));
  }

  /** Events, whose name comes last. */
  private static final class EventPrinter implements Printer {
    private static final List<Column> COLUMNS =
        List.of(
            Column.of("Last Seen"),
            Column.of("Type"),
            Column.of("Reason"),
            Column.of("Object"),
            Column.of("Subobject*"),
            Column.of("Source*"),
            Column.of("Message"),
            Column.of("First Seen*"),
            Column.of("Count*"),
            new Column("Name", "string", "name", Column.NAME.description(), 1));

    @Override
    public List<Column> columns() {
      return COLUMNS;
    }

    @Override
    public void print(JsonNode doc, Row row, Instant now) {
      String first = either(doc, "firstTimestamp", "deprecatedFirstTimestamp", now);
      if (first.equals(Texts.UNKNOWN)) {
        first = Texts.since(doc, "eventTime", now);
      }
      String last = either(doc, "lastTimestamp", "deprecatedLastTimestamp", now);
      if (last.equals(Texts.UNKNOWN)) {
        last = first;
      }
      long count = Math.max(Texts.number(doc, "count"), Texts.number(doc, "deprecatedCount"));
      JsonNode series = doc.path("series");
      if (series.isObject()) {
        last = Texts.since(series, "lastObservedTime", now);
        count = Texts.number(series, "count");
      }
      JsonNode object = doc.path(doc.has("regarding") ? "regarding" : "involvedObject");
      row.text(last).text(text(doc, "type")).text(text(doc, "reason")).text(target(object));
      row.text(text(object, "fieldPath")).text(source(doc));
      row.text((text(doc, "message") + text(doc, "note")).strip());
      row.text(first).number(Math.max(count, 1)).text(Texts.name(doc));
    }

    private static String either(JsonNode doc, String field, String other, Instant now) {
      return Texts.since(doc, text(doc, field).isEmpty() ? other : field, now);
    }

    private static String target(JsonNode object) {
      String kind = text(object, "kind").toLowerCase(Locale.ROOT);
      String name = text(object, "name");
      return name.isEmpty() ? kind : kind + "/" + name;
    }

    private static String source(JsonNode doc) {
      JsonNode source = doc.path(doc.has("deprecatedSource") ? "deprecatedSource" : "source");
      String component = text(source, "component");
      if (component.isEmpty()) {
        component = text(doc, "reportingComponent") + text(doc, "reportingController");
      }
      String host = text(source, "host");
      return host.isEmpty() ? component : component + ", " + host;
    }
  }
}
