package minik8s.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import minik8s.api.ObjectReference;
import minik8s.control.EventCorrelator.Note;
import minik8s.control.EventCorrelator.Sighting;
import org.junit.jupiter.api.Test;

class EventCorrelatorTest {
  private final EventCorrelator correlator = new EventCorrelator();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  private static Note note(String object, String fieldPath, String reason, String message) {
    ObjectReference about =
        new ObjectReference("v1", "Pod", "default", object, "uid-" + object, "7", fieldPath);
    return new Note(about, "Normal", reason, message);
  }

  private Optional<Sighting> say(String object, String reason, String message) {
    return correlator.observe(note(object, "", reason, message), now);
  }

  private List<Optional<Sighting>> say(
      int times, String object, Function<Integer, String> message) {
    return IntStream.range(0, times)
        .mapToObj(i -> say(object, "Created", message.apply(i)))
        .toList();
  }

  private void pass(Duration time) {
    now = now.plus(time);
  }

  @Test
  void countsTheSameAgainOnOneEvent() {
    Sighting first = say("a", "Pulled", "x").orElseThrow();
    pass(Duration.ofSeconds(3));
    Sighting second = say("a", "Pulled", "x").orElseThrow();
    assertThat(first.count()).isEqualTo(1);
    assertThat(second.count()).isEqualTo(2);
    assertThat(second.name()).isEqualTo(first.name());
    assertThat(second.first()).isEqualTo(first.first()).isBefore(now);
  }

  @Test
  void keepsApartWhatDiffers() {
    List<Optional<Sighting>> all =
        List.of(
            say("a", "Pulled", "x"),
            say("a", "Pulled", "y"),
            say("a", "Started", "x"),
            say("b", "Pulled", "x"),
            correlator.observe(note("a", "spec.containers{c}", "Pulled", "x"), now),
            correlator.observe(
                new Note(note("a", "", "", "").about(), "Warning", "Pulled", "x"), now));
    assertThat(all).allMatch(one -> one.orElseThrow().count() == 1);
    assertThat(all).extracting(one -> one.orElseThrow().name()).doesNotHaveDuplicates();
  }

  @Test
  void combinesFromTheTenthDifferentMessageOn() {
    List<Optional<Sighting>> all = say(12, "a", i -> "pod " + i);
    assertThat(all.subList(0, 9))
        .allMatch(one -> one.orElseThrow().count() == 1)
        .extracting(one -> one.orElseThrow().note().message())
        .noneMatch(message -> message.startsWith(EventCorrelator.COMBINED));
    List<Optional<Sighting>> combined = all.subList(9, 12);
    assertThat(combined)
        .extracting(one -> one.orElseThrow().note().message())
        .containsExactly(
            "(combined from similar events): pod 9",
            "(combined from similar events): pod 10",
            "(combined from similar events): pod 11");
    assertThat(combined).extracting(one -> one.orElseThrow().count()).containsExactly(1, 2, 3);
    assertThat(combined)
        .extracting(one -> one.orElseThrow().name())
        .containsOnly(combined.getFirst().orElseThrow().name());
  }

  @Test
  void stillCountsTheFirstMessagesByThemselvesWhileOthersAreCombined() {
    say(12, "a", i -> "pod " + i);
    Sighting again = say("a", "Created", "pod 3").orElseThrow();
    assertThat(again.note().message()).isEqualTo("pod 3");
    assertThat(again.count()).isEqualTo(2);
  }

  @Test
  void beginsAnewWhenNothingSimilarCameForTenMinutes() {
    say(9, "a", i -> "pod " + i);
    pass(EventCorrelator.SIMILAR_FOR);
    assertThat(say("a", "Created", "pod 9").orElseThrow().note().message())
        .isEqualTo("(combined from similar events): pod 9");
    pass(EventCorrelator.SIMILAR_FOR.plusMillis(1));
    assertThat(say("a", "Created", "pod 10").orElseThrow().note().message()).isEqualTo("pod 10");
  }

  @Test
  void combinesNeitherOtherReasonsNorOtherObjects() {
    say(9, "a", i -> "pod " + i);
    assertThat(say("a", "Deleted", "x").orElseThrow().note().message()).isEqualTo("x");
    assertThat(say("b", "Created", "x").orElseThrow().note().message()).isEqualTo("x");
  }

  @Test
  void letsASourceSayTwentyFiveThingsOfAnObjectAndThenOneEachFiveMinutes() {
    assertThat(say(30, "a", i -> "same")).filteredOn(Optional::isPresent).hasSize(25);
    assertThat(say("b", "Created", "x")).isPresent();
    pass(EventCorrelator.REFILL.minusMillis(1));
    assertThat(say("a", "Created", "same")).isEmpty();
    pass(Duration.ofMillis(1));
    assertThat(say("a", "Created", "same").orElseThrow().count()).as("all").isEqualTo(32);
    assertThat(say("a", "Created", "same")).isEmpty();
    pass(EventCorrelator.REFILL.multipliedBy(2));
    assertThat(say(5, "a", i -> "same")).filteredOn(Optional::isPresent).hasSize(2);
  }

  @Test
  void savesNoMoreThanABurst() {
    say(25, "a", i -> "same");
    pass(Duration.ofDays(30));
    assertThat(say(60, "a", i -> "same")).filteredOn(Optional::isPresent).hasSize(25);
  }

  @Test
  void staysSilentForNoLongerWhenTheClockIsSetBack() {
    say(25, "a", i -> "same");
    pass(Duration.ofDays(-30));
    assertThat(say("a", "Created", "same")).isEmpty();
    pass(EventCorrelator.REFILL);
    assertThat(say("a", "Created", "same")).isPresent();
  }

  @Test
  void tellsOfFiftyPodsOfASetIn25Writes() {
    List<Sighting> told =
        say(50, "set", i -> "Created pod: " + i).stream().flatMap(Optional::stream).toList();
    assertThat(told).hasSize(25);
    assertThat(told.stream().map(Sighting::name).distinct()).hasSize(10);
  }

  @Test
  void remembersNoMoreThanItMay() {
    for (int i = 0; i < EventCorrelator.REMEMBERED * 2; i++) {
      say("pod-" + i, "Created", "x");
    }
    assertThat(correlator.size()).isEqualTo(EventCorrelator.REMEMBERED);
    assertThat(say("pod-0", "Created", "x").orElseThrow().count()).as("forgotten").isEqualTo(1);
  }
}
