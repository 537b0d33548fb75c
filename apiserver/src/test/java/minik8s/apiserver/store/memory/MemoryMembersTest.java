package minik8s.apiserver.store.memory;

import minik8s.apiserver.store.Members;
import minik8s.apiserver.store.MembersContract;
import minik8s.apiserver.store.Store;

final class MemoryMembersTest extends MembersContract {
  private final MemoryStore store = new MemoryStore();
  private final MemoryMembers members = new MemoryMembers(store);

  @Override
  protected Members members() {
    return members;
  }

  @Override
  protected Store store() {
    return store;
  }
}
