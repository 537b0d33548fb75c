package minik8s.apiserver.table;

import static minik8s.apiserver.table.Texts.text;

import java.time.Instant;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Volumes, claims and storage classes as rows. Stateless. */
final class StoragePrinters {
  private static final String DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class";

  private StoragePrinters() {}

  static void addTo(Map<String, Printer> printers) {
    printers.put(
        "/persistentvolumeclaims",
        Printer.of(
            Column.named(
                "Status",
                "Volume",
                "Capacity",
                "Access Modes",
                "StorageClass",
                "VolumeAttributesClass",
                "Age",
                "VolumeMode*"),
            StoragePrinters::claim));
    printers.put(
        "/persistentvolumes",
        Printer.of(
            Column.named(
                "Capacity",
                "Access Modes",
                "Reclaim Policy",
                "Status",
                "Claim",
                "StorageClass",
                "VolumeAttributesClass",
                "Reason",
                "Age",
                "VolumeMode*"),
            StoragePrinters::volume));
    printers.put("storage.k8s.io/storageclasses", new ClassPrinter());
    printers.put(
        "storage.k8s.io/csidrivers",
        Printer.of(
            Column.named("AttachRequired:boolean", "PodInfoOnMount:boolean", "Modes", "Age"),
            (doc, row, now) ->
                row.flag(doc.path("spec").path("attachRequired").asBoolean(true))
                    .flag(doc.path("spec").path("podInfoOnMount").asBoolean(false))
                    .orNone(
                        String.join(
                            ",", Texts.strings(doc.path("spec").path("volumeLifecycleModes"))))
                    .text(Texts.age(doc, now))));
    printers.put(
        "storage.k8s.io/csinodes",
        Printer.of(
            Column.named("Drivers:integer", "Age"),
            (doc, row, now) ->
                row.number(doc.path("spec").path("drivers").size()).text(Texts.age(doc, now))));
    printers.put(
        "storage.k8s.io/volumeattachments",
        Printer.of(
            Column.named("Attacher", "PV", "Node", "Attached:boolean", "Age"),
            (doc, row, now) ->
                row.text(text(doc.path("spec"), "attacher"))
                    .text(text(doc.path("spec").path("source"), "persistentVolumeName"))
                    .text(text(doc.path("spec"), "nodeName"))
                    .flag(doc.path("status").path("attached").asBoolean(false))
                    .text(Texts.age(doc, now))));
  }

  private static void claim(JsonNode doc, Printer.Row row, Instant now) {
    JsonNode spec = doc.path("spec");
    JsonNode status = doc.path("status");
    String volume = text(spec, "volumeName");
    boolean bound = !volume.isEmpty();
    row.text(Texts.deleting(doc) ? "Terminating" : text(status, "phase")).text(volume);
    row.text(bound ? text(status.path("capacity"), "storage") : "");
    row.text(bound ? Texts.accessModes(status.path("accessModes")) : "");
    row.text(text(spec, "storageClassName")).text(attributes(spec));
    row.text(Texts.age(doc, now)).text(mode(spec));
  }

  private static String attributes(JsonNode spec) {
    String name = text(spec, "volumeAttributesClassName");
    return name.isEmpty() ? Texts.UNSET : name;
  }

  private static String mode(JsonNode spec) {
    String mode = text(spec, "volumeMode");
    return mode.isEmpty() ? Texts.UNSET : mode;
  }

  private static void volume(JsonNode doc, Printer.Row row, Instant now) {
    JsonNode spec = doc.path("spec");
    JsonNode status = doc.path("status");
    JsonNode claim = spec.path("claimRef");
    row.text(text(spec.path("capacity"), "storage"));
    row.text(Texts.accessModes(spec.path("accessModes")));
    row.text(text(spec, "persistentVolumeReclaimPolicy"));
    row.text(Texts.deleting(doc) ? "Terminating" : text(status, "phase"));
    row.text(claim.isObject() ? text(claim, "namespace") + "/" + text(claim, "name") : "");
    row.text(text(spec, "storageClassName")).text(attributes(spec));
    row.text(text(status, "reason")).text(Texts.age(doc, now)).text(mode(spec));
  }

  /** Storage classes, whose default is marked in the name. */
  private static final class ClassPrinter implements Printer {
    private static final java.util.List<Column> COLUMNS =
        Column.named(
            "Provisioner", "ReclaimPolicy", "VolumeBindingMode", "AllowVolumeExpansion", "Age");

    @Override
    public java.util.List<Column> columns() {
      return COLUMNS;
    }

    @Override
    public void print(JsonNode doc, Row row, Instant now) {
      boolean chosen = text(doc.path("metadata").path("annotations"), DEFAULT_CLASS).equals("true");
      row.text(chosen ? Texts.name(doc) + " (default)" : Texts.name(doc));
      row.text(text(doc, "provisioner"));
      row.text(text(doc, "reclaimPolicy").isEmpty() ? "Delete" : text(doc, "reclaimPolicy"));
      row.text(
          text(doc, "volumeBindingMode").isEmpty() ? "Immediate" : text(doc, "volumeBindingMode"));
      row.flag(doc.path("allowVolumeExpansion").asBoolean(false)).text(Texts.age(doc, now));
    }
  }
}
