package minik8s.apiserver.store.memory;

import minik8s.apiserver.store.Store;
import minik8s.apiserver.store.StoreContract;

final class MemoryStoreTest extends StoreContract {
  private MemoryStore memory = new MemoryStore();

  @Override
  protected Store open() {
    memory = new MemoryStore();
    return memory;
  }

  @Override
  protected void compact(long revision) {
    memory.compact(revision);
  }
}
