package minik8s.controller.revision;

import static java.util.Comparator.comparingLong;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import minik8s.api.ControllerRevision;
import minik8s.api.codec.Json;
import minik8s.api.codec.Raw;
import minik8s.controller.pods.Templates;
import tools.jackson.databind.node.ObjectNode;

/** Decides how a workload's history goes on. Pure. */
public final class RevisionPlan {
  private static final Comparator<ControllerRevision> OLDEST_FIRST =
      comparingLong(ControllerRevision::revision)
          .thenComparing(revision ->
              Objects.requireNonNullElse(revision.metadata().creationTimestamp(), Instant.EPOCH))
          .thenComparing(revision -> revision.metadata().name());

  private RevisionPlan() {}

  /** How the present template gets its place in history. */
  public sealed interface Step {
    /** It has the newest number already. */
    record Keep(ControllerRevision revision) implements Step {}

    /** It was there before and becomes the newest again. */
    record Raise(ControllerRevision revision, long number) implements Step {}

    /** It is new. */
    record Append(long number) implements Step {}
  }

  /** The revisions, oldest first. */
  public static List<ControllerRevision> sorted(List<ControllerRevision> revisions) {
    return revisions.stream().sorted(OLDEST_FIRST).toList();
  }

  /** The step that makes the template the newest revision. */
  public static Step next(List<ControllerRevision> revisions, Raw template) {
    long newest = revisions.stream().mapToLong(ControllerRevision::revision).max().orElse(0);
    Optional<ControllerRevision> same =
        revisions.stream().filter(revision -> holds(revision, template)).max(OLDEST_FIRST);
    if (same.isEmpty()) {
      return new Step.Append(newest + 1);
    }
    return same.get().revision() == newest
        ? new Step.Keep(same.get())
        : new Step.Raise(same.get(), newest + 1);
  }

  /** Whether the revision keeps this very template. */
  public static boolean holds(ControllerRevision revision, Raw template) {
    return Templates.same(template(revision), template);
  }

  /** The pod template that a revision keeps. */
  public static Raw template(ControllerRevision revision) {
    if (revision.data().node().path("spec").path("template") instanceof ObjectNode template) {
      ObjectNode copy = template.deepCopy();
      copy.remove("$patch");
      return new Raw(copy);
    }
    return new Raw(Json.object());
  }

  /** The patch that brings a workload back to the template; what {@code rollout undo} sends. */
  public static ObjectNode data(Raw template) {
    ObjectNode data = Json.object();
    ObjectNode copy = (ObjectNode) template.copy();
    copy.put("$patch", "replace");
    data.putObject("spec").set("template", copy);
    return data;
  }

  /** The oldest of too many old revisions, those that some pod still has spared. */
  public static List<ControllerRevision> surplus(
      List<ControllerRevision> old, Predicate<ControllerRevision> live, int limit) {
    int excess = Math.max(0, old.size() - limit);
    return sorted(old).stream().filter(live.negate()).limit(excess).toList();
  }
}
