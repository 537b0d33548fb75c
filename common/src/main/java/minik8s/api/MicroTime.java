package minik8s.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** An instant that travels with six decimals, as Leases and Events want it. Immutable. */
public record MicroTime(Instant instant) {
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static MicroTime of(String text) {
    return new MicroTime(Instant.parse(text));
  }

  @JsonValue
  public String text() {
    return FORMAT.format(instant);
  }
}
