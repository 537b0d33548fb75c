package minik8s.apiserver.store.etcd;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.options.DeleteOption;
import java.util.List;
import java.util.Objects;
import minik8s.apiserver.store.Entry;
import minik8s.apiserver.store.Store;
import minik8s.apiserver.store.StoreContract;
import minik8s.apiserver.store.StoreException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class EtcdStoreIT extends StoreContract {
  private static @Nullable EtcdProcess etcd;
  private @Nullable Client client;

  @BeforeAll
  static void startEtcd() throws Exception {
    etcd = new EtcdProcess();
  }

  @AfterAll
  static void stopEtcd() throws Exception {
    Objects.requireNonNull(etcd).close();
  }

  @Override
  protected Store open() throws Exception {
    List<String> endpoints = List.of(Objects.requireNonNull(etcd).endpoint());
    Client opened = EtcdClients.connect(endpoints, null);
    client = opened;
    Store fresh = EtcdStore.open(endpoints, null, (_, _) -> {});
    awaitEtcd(fresh);
    ByteSequence all = ByteSequence.from("/", java.nio.charset.StandardCharsets.UTF_8);
    opened
        .getKVClient()
        .delete(all, DeleteOption.builder().isPrefix(true).build())
        .get(10, SECONDS);
    return fresh;
  }

  @Override
  protected void compact(long revision) throws Exception {
    Objects.requireNonNull(client).getKVClient().compact(revision).get(10, SECONDS);
  }

  @Test
  void failsFastWhileEtcdIsAwayAndResumesItsWatchAfterwards() throws Exception {
    EtcdProcess server = Objects.requireNonNull(etcd);
    Entry first = store.create("/registry/things/a", bytes("1"));
    Heard heard = new Heard();
    try (Store.Subscription _ = store.watch(first.revision(), heard)) {
      assertThat(heard.take(1)).containsExactly(first.revision() + " 1");
      server.kill();
      assertThatThrownBy(() -> store.replace(first, bytes("lost")))
          .isInstanceOf(StoreException.Unavailable.class);
      comesBack(server, first, heard);
    }
  }

  @Test
  void watchesOnceHoweverOftenItsWatchBroke() throws Exception {
    EtcdProcess server = Objects.requireNonNull(etcd);
    Entry first = store.create("/registry/things/a", bytes("1"));
    Heard heard = new Heard();
    try (Store.Subscription _ = store.watch(first.revision(), heard)) {
      assertThat(heard.take(1)).containsExactly(first.revision() + " 1");
      server.kill();
      // Long enough for several attempts to fail.
      Thread.sleep(2000);
      comesBack(server, first, heard);
      // Long enough for whoever was not given up to come back.
      Thread.sleep(2000);
      assertThat(server.watchers()).isEqualTo(1);
    }
  }

  /** Starts etcd again; the watch tells of the next change. */
  private void comesBack(EtcdProcess server, Entry first, Heard heard) throws Exception {
    server.start();
    awaitEtcd(store);
    Entry second = store.replace(first, bytes("2"));
    assertThat(heard.take(1)).containsExactly(second.revision() + " 2");
  }

  static void awaitEtcd(Store store) {
    for (int attempt = 0; ; attempt++) {
      try {
        assertThat(store.revision()).isPositive();
        return;
      } catch (StoreException.Unavailable e) {
        if (attempt == 40) {
          throw e;
        }
      }
    }
  }
}
