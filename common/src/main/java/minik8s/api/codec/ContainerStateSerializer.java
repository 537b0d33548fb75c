package minik8s.api.codec;

import java.time.Instant;
import minik8s.api.ContainerState;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ser.std.StdSerializer;

/** Writes {@code {"running":{…}}} and its two siblings. Stateless. */
final class ContainerStateSerializer extends StdSerializer<ContainerState> {
  ContainerStateSerializer() {
    super(ContainerState.class);
  }

  @Override
  public void serialize(ContainerState state, JsonGenerator json, SerializationContext context) {
    json.writeStartObject();
    switch (state) {
      case ContainerState.Waiting waiting -> {
        json.writeObjectPropertyStart("waiting");
        text(json, "reason", waiting.reason());
        text(json, "message", waiting.message());
      }
      case ContainerState.Running running -> {
        json.writeObjectPropertyStart("running");
        time(json, "startedAt", running.startedAt());
      }
      case ContainerState.Terminated end -> {
        json.writeObjectPropertyStart("terminated");
        json.writeNumberProperty("exitCode", end.exitCode());
        if (end.signal() != null) {
          json.writeNumberProperty("signal", end.signal());
        }
        text(json, "reason", end.reason());
        text(json, "message", end.message());
        time(json, "startedAt", end.startedAt());
        time(json, "finishedAt", end.finishedAt());
        text(json, "containerID", end.containerID());
      }
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void text(JsonGenerator json, String field, String value) {
    if (!value.isEmpty()) {
      json.writeStringProperty(field, value);
    }
  }

  private static void time(JsonGenerator json, String field, @Nullable Instant value) {
    if (value != null) {
      json.writeStringProperty(field, Json.time(value));
    }
  }
}
