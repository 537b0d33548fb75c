package minik8s.apiserver.store.etcd;

import java.util.List;
import java.util.Objects;
import minik8s.apiserver.store.Members;
import minik8s.apiserver.store.MembersContract;
import minik8s.apiserver.store.Store;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

final class EtcdMembersIT extends MembersContract {
  private @Nullable EtcdProcess etcd;
  private @Nullable EtcdStore store;

  @BeforeEach
  void start() throws Exception {
    EtcdProcess started = new EtcdProcess();
    etcd = started;
    EtcdStore opened = EtcdStore.open(List.of(started.endpoint()), null, (_, _) -> {});
    store = opened;
    EtcdStoreIT.awaitEtcd(opened);
  }

  @AfterEach
  void stop() throws Exception {
    store().close();
    Objects.requireNonNull(etcd).close();
  }

  @Override
  protected Members members() {
    return Objects.requireNonNull(store).members();
  }

  @Override
  protected Store store() {
    return Objects.requireNonNull(store);
  }
}
