package minik8s.controller.cronjob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {
  @ParameterizedTest
  @CsvSource({
    "* * * * *,                2026-03-01T10:00:00Z, 2026-03-01T10:01:00Z",
    "* * * * *,                2026-03-01T10:00:59Z, 2026-03-01T10:01:00Z",
    "*/15 * * * *,             2026-03-01T10:00:00Z, 2026-03-01T10:15:00Z",
    "5/20 * * * *,             2026-03-01T10:26:00Z, 2026-03-01T10:45:00Z",
    "'0,30 8-10 * * *',        2026-03-01T10:30:00Z, 2026-03-02T08:00:00Z",
    "0 0 29 2 *,               2026-03-01T00:00:00Z, 2028-02-29T00:00:00Z",
    "0 12 * jan-mar MON,       2026-03-30T13:00:00Z, 2027-01-04T12:00:00Z",
    "0 0 13 * fri,             2026-03-01T00:00:00Z, 2026-03-06T00:00:00Z",
    "0 0 */2 * fri,            2026-03-01T00:00:00Z, 2026-03-03T00:00:00Z",
    "0 0 * * 0,                2026-03-02T00:00:00Z, 2026-03-08T00:00:00Z",
    "@hourly,                  2026-03-01T10:00:01Z, 2026-03-01T11:00:00Z",
    "@daily,                   2026-03-01T10:00:00Z, 2026-03-02T00:00:00Z",
    "@weekly,                  2026-03-02T10:00:00Z, 2026-03-08T00:00:00Z",
    "@monthly,                 2026-03-02T10:00:00Z, 2026-04-01T00:00:00Z",
    "@yearly,                  2026-03-02T10:00:00Z, 2027-01-01T00:00:00Z",
    "@every 1h30m,             2026-03-02T10:00:00Z, 2026-03-02T11:30:00Z"
  })
  void findsTheNextTime(String schedule, Instant after, Instant next) {
    assertThat(Schedule.parse(schedule, ZoneOffset.UTC).next(after)).contains(next);
  }

  @Test
  void findsNoneWhereThereIsNone() {
    assertThat(Schedule.parse("0 0 31 2 *", ZoneOffset.UTC).next(Instant.EPOCH)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    // Clocks went forward at 02:00 on 29 March 2026 and back at 03:00 on 25 October.
    "30 2 * * *,  2026-03-28T12:00:00+01:00, 2026-03-30T02:30:00+02:00",
    "0 4 * * *,   2026-03-28T12:00:00+01:00, 2026-03-29T04:00:00+02:00",
    "30 2 * * *,  2026-10-25T02:30:00+02:00, 2026-10-25T02:30:00+01:00",
    "0 9 * * *,   2026-10-24T12:00:00+02:00, 2026-10-25T09:00:00+01:00"
  })
  void followsTheClocksOfItsZone(String schedule, OffsetDateTime after, OffsetDateTime next) {
    Schedule berlin = Schedule.parse(schedule, ZoneId.of("Europe/Berlin"));
    assertThat(berlin.next(after.toInstant())).contains(next.toInstant());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "* * * *",
        "60 * * * *",
        "* * * * 7",
        "*/0 * * * *",
        "5-1 * * * *",
        "a * * * *",
        "1/2/3 * * * *",
        "@never",
        "@every x"
      })
  void refusesWhatIsNoSchedule(String schedule) {
    assertThatThrownBy(() -> Schedule.parse(schedule, ZoneOffset.UTC))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
