package minik8s.controller.pods;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SlotNamesTest {
  @Test
  void looksLikeTheUsualSuffix() {
    assertThat(SlotNames.name("web-abc", "uid-1", 0))
        .matches("web-abc-[bcdfghjklmnpqrstvwxz2456789]{5}");
  }

  @Test
  void givesTheSameNamesToWhoeverAsksTwice() {
    List<String> first = SlotNames.free("web", "uid-1", 5, _ -> false);
    assertThat(SlotNames.free("web", "uid-1", 5, _ -> false)).isEqualTo(first);
    assertThat(SlotNames.free("web", "uid-2", 5, _ -> false)).doesNotContainAnyElementsOf(first);
  }

  @Test
  void skipsWhatIsTakenAndGoesOnInOrder() {
    List<String> all = SlotNames.free("web", "u", 4, _ -> false);
    Set<String> taken = Set.of(all.get(0), all.get(2));
    assertThat(SlotNames.free("web", "u", 2, taken::contains))
        .containsExactly(all.get(1), all.get(3));
  }

  @Test
  void repeatsNoNameEvenWhereSlotsCollide() {
    List<String> many = SlotNames.free("web", "u", 10_000, _ -> false);
    assertThat(new HashSet<>(many)).hasSize(10_000);
  }
}
