package minik8s.api.cron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
    "@every 1h30m,             2026-03-02T10:00:00Z, 2026-03-02T11:30:00Z",
    "@every 1m1m,              2026-03-02T10:00:00Z, 2026-03-02T10:02:00Z",
    "@every 1500ms,            2026-03-02T10:00:00Z, 2026-03-02T10:00:01Z",
    "@every 500ms,             2026-03-02T10:00:00Z, 2026-03-02T10:00:01Z"
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
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``|expected exactly 5 fields, found 1: []",
        "nope|expected exactly 5 fields, found 1: [nope]",
        "* * * *|expected exactly 5 fields, found 4: [* * * *]",
        "60 * * * *|end of range (60) above maximum (59): 60",
        "* * 0 * *|beginning of range (0) below minimum (1): 0",
        "* * * * 7|end of range (7) above maximum (6): 7",
        "*/0 * * * *|step of range should be a positive number: */0",
        "5-1 * * * *|beginning of range (5) beyond end of range (1): 5-1",
        "a * * * *|failed to parse int from a: strconv.Atoi: parsing \"a\": invalid syntax",
        "* , * * *|failed to parse int from : strconv.Atoi: parsing \"\": invalid syntax",
        "1/2/3 * * * *|too many slashes: 1/2/3",
        "1-2-3 * * * *|too many hyphens: 1-2-3",
        "@never|unrecognized descriptor: @never",
        "@every x|failed to parse duration @every x: time: invalid duration \"x\"",
        "@every 5m!|failed to parse duration @every 5m!: time: invalid duration \"5m!\""
      })
  void saysWhatIsWrongWithWhatIsNoSchedule(String schedule, String complaint) {
    assertThatThrownBy(() -> Schedule.parse(schedule, ZoneOffset.UTC))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(complaint);
  }
}
