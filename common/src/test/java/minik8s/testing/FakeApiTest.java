package minik8s.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import minik8s.api.ApiException;
import minik8s.api.ConfigMap;
import minik8s.api.Resources;
import minik8s.client.ListOptions;
import minik8s.client.Watch;
import minik8s.client.WatchEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class FakeApiTest {
  private final FakeApi api = new FakeApi();

  private void create(String name) {
    api.create(Resources.CONFIG_MAPS, "n", Map.of("metadata", Map.of("name", name)));
  }

  @Test
  @Timeout(60)
  void tellsAWatchWhatHappenedSinceItsList() {
    create("before");
    String listed = api.list(Resources.CONFIG_MAPS, ListOptions.ALL).resourceVersion();
    create("between");
    try (Watch<ConfigMap> watch =
        api.watch(Resources.CONFIG_MAPS, ListOptions.ALL.at(listed), 60)) {
      assertThat(watch.next())
          .isInstanceOfSatisfying(
              WatchEvent.Changed.class,
              event ->
                  assertThat(((ConfigMap) event.object()).metadata().name()).isEqualTo("between"));
    }
  }

  @Test
  void saysThatItHasForgotten() {
    for (int i = 0; i < 1002; i++) {
      create("c" + i);
    }
    assertThatThrownBy(() -> api.watch(Resources.CONFIG_MAPS, ListOptions.ALL.at("1"), 60))
        .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.gone()).isTrue());
  }
}
