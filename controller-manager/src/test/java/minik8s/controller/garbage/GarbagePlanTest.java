package minik8s.controller.garbage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import minik8s.api.ObjectMeta;
import minik8s.api.OwnerReference;
import minik8s.api.Resources;
import minik8s.api.codec.Json;
import minik8s.controller.garbage.GarbagePlan.Action;
import minik8s.controller.garbage.GarbagePlan.Owner;
import minik8s.controller.garbage.GarbagePlan.Owner.State;
import minik8s.controller.garbage.GarbagePlan.View;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class GarbagePlanTest {
  private static Item item(String uid, boolean deleting, String... finalizers) {
    return item(uid, deleting, List.of(), finalizers);
  }

  private static Item item(
      String uid, boolean deleting, List<OwnerReference> owners, String... finalizers) {
    ObjectNode meta = Json.object().put("name", uid).put("uid", uid).put("namespace", "default");
    if (deleting) {
      meta.put("deletionTimestamp", "2026-01-01T00:00:00Z");
    }
    Arrays.stream(finalizers).forEach(meta.putArray("finalizers")::add);
    return new Item(Resources.PODS, Json.read(meta, ObjectMeta.class).withOwners(owners));
  }

  private static OwnerReference ref(String uid) {
    return new OwnerReference("apps/v1", "ReplicaSet", uid, uid, true, true);
  }

  private static List<Action> next(Item item, List<Item> dependents, State... owners) {
    List<Owner> states =
        java.util.stream.IntStream.range(0, owners.length)
            .mapToObj(i -> new Owner(ref("o" + i), owners[i]))
            .toList();
    return GarbagePlan.next(new View(item, states, dependents));
  }

  private final Item plain = item("p", false);

  @Test
  void leavesAloneWhatHasNoOwnersOrASolidOne() {
    assertThat(next(plain, List.of())).isEmpty();
    assertThat(next(plain, List.of(), State.SOLID)).isEmpty();
  }

  @Test
  void deletesWhatHasLostItsLastOwner() {
    assertThat(next(plain, List.of(), State.ABSENT, State.ABSENT))
        .containsExactly(new Action.Delete("Background"));
    assertThat(next(item("p", false, Item.ORPHAN), List.of(), State.ABSENT))
        .containsExactly(new Action.Delete("Orphan"));
  }

  @Test
  void asksBeforeItBelievesThatAnUnseenOwnerIsGone() {
    assertThat(next(plain, List.of(), State.ABSENT, State.UNKNOWN))
        .containsExactly(new Action.Verify(List.of(ref("o1"))));
  }

  @Test
  void takesLostOwnersOffWhatHasAnother() {
    assertThat(next(plain, List.of(), State.ABSENT, State.SOLID, State.WAITING))
        .containsExactly(new Action.Disown(List.of("o0", "o2")));
  }

  @Test
  void passesForegroundDeletionOn() {
    assertThat(next(plain, List.of(), State.WAITING))
        .containsExactly(new Action.Delete("Background"));
    assertThat(next(plain, List.of(item("d", false)), State.WAITING))
        .containsExactly(new Action.Delete("Foreground"));
  }

  @Test
  void breaksCycles() {
    assertThat(next(plain, List.of(item("d", true, Item.FOREGROUND)), State.WAITING))
        .containsExactly(new Action.Unblock(), new Action.Delete("Foreground"));
  }

  @Test
  void letsAForegroundOwnerGoOnceNothingBlocksIt() {
    Item owner = item("o", true, Item.FOREGROUND, "other");
    assertThat(next(owner, List.of(item("d", true, List.of(ref("o")))))).isEmpty();
    assertThat(next(owner, List.of())).containsExactly(new Action.Finish(Item.FOREGROUND));
    OwnerReference notBlocking = new OwnerReference("apps/v1", "ReplicaSet", "o", "o", true, false);
    assertThat(next(owner, List.of(item("d", false, List.of(notBlocking)))))
        .containsExactly(new Action.Finish(Item.FOREGROUND));
  }

  @Test
  void releasesDependentsBeforeAnOrphaningOwnerGoes() {
    Item dependent = item("d", false, List.of(ref("o")));
    assertThat(next(item("o", true, Item.ORPHAN), List.of(dependent)))
        .containsExactly(new Action.Release(dependent), new Action.Finish(Item.ORPHAN));
  }

  @Test
  void doesNotTouchWhatIsBeingDeletedAnyway() {
    assertThat(next(item("p", true), List.of(), State.ABSENT)).isEmpty();
  }
}
