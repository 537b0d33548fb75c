package minik8s.apiserver.store.etcd;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.api.Compare;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.TxnResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import minik8s.apiserver.store.Entry;
import minik8s.apiserver.store.Members;
import minik8s.apiserver.store.Page;
import minik8s.apiserver.store.Store;
import minik8s.apiserver.store.StoreException;
import minik8s.apiserver.store.StoreListener;
import org.jspecify.annotations.Nullable;

/**
 * The store on etcd.
 *
 * <p>Thread-safe. Every write is one transaction that compares the key's modification revision. No
 * call waits for ever, however long etcd is away: see {@link EtcdKv#patience}.
 */
public final class EtcdStore implements Store {
  /**
   * Larger answers meet gRPC's message limit; etcd serves several short reads better than a long
   * one.
   */
  private static final int PAGE = 500;

  private final Client client;
  private final EtcdKv kv;
  private final EtcdCalls calls;

  private EtcdStore(Client client, EtcdKv kv, EtcdTimings timings) {
    this.client = client;
    this.kv = kv;
    this.calls = new EtcdCalls(kv, timings);
  }

  /**
   * A store that connects on first use.
   *
   * @param endpoints URLs of etcd's members
   * @param tls null for plain HTTP
   * @throws IOException when a PEM file cannot be read or understood
   */
  public static EtcdStore open(
      List<String> endpoints, EtcdClients.@Nullable Tls tls, EtcdTimings timings)
      throws IOException {
    return new EtcdStore(
        EtcdClients.connect(endpoints, tls),
        new EtcdKv(EtcdClients.channel(endpoints, tls)),
        timings);
  }

  @Override
  public Entry create(String key, byte[] value) {
    TxnResponse answer = put("create", EtcdKv.absent(key), key, value);
    if (answer.getSucceeded()) {
      return new Entry(key, value, answer.getHeader().getRevision());
    }
    Entry current = found(answer);
    if (current == null) {
      throw new IllegalStateException("etcd found " + key + " to exist and holds nothing there");
    }
    if (Arrays.equals(current.value(), value)) {
      return current; // Our own write, sent twice because the first answer was lost.
    }
    throw new StoreException.Exists(current);
  }

  @Override
  public Entry replace(Entry seen, byte[] value) {
    try {
      return replaceStrictly(seen, value);
    } catch (StoreException.Changed e) {
      Entry current = e.current();
      if (current != null && Arrays.equals(current.value(), value)) {
        return current;
      }
      throw e;
    }
  }

  @Override
  public Entry replaceStrictly(Entry seen, byte[] value) {
    String key = seen.key();
    TxnResponse answer = put("update", EtcdKv.unchanged(key, seen.revision()), key, value);
    if (answer.getSucceeded()) {
      return new Entry(key, value, answer.getHeader().getRevision());
    }
    throw new StoreException.Changed(key, found(answer));
  }

  private TxnResponse put(String operation, Compare condition, String key, byte[] value) {
    RequestOp put = EtcdKv.put(key, value);
    return calls.await(operation, key, kv.attempt(condition, put), value.length);
  }

  @Override
  public long delete(Entry seen) {
    String key = seen.key();
    Compare unchanged = EtcdKv.unchanged(key, seen.revision());
    TxnResponse answer = calls.await("delete", key, kv.attempt(unchanged, EtcdKv.delete(key)), 0);
    if (!answer.getSucceeded()) {
      throw new StoreException.Changed(key, found(answer));
    }
    return answer.getHeader().getRevision();
  }

  private static @Nullable Entry found(TxnResponse answer) {
    List<KeyValue> found = answer.getResponses(0).getResponseRange().getKvsList();
    return found.isEmpty() ? null : entry(found.getFirst());
  }

  @Override
  public @Nullable Entry get(String key) {
    List<KeyValue> found = calls.await("get", key, kv.get(key), 0).getKvsList();
    return found.isEmpty() ? null : entry(found.getFirst());
  }

  @Override
  public Page list(String prefix, int limit, @Nullable String from, long revision) {
    List<Entry> entries = new ArrayList<>();
    ByteString end = EtcdKv.prefixEnd(prefix);
    ByteString start = EtcdKv.bytes(from == null ? prefix : from);
    long shown = revision;
    while (true) {
      int want = limit == 0 ? PAGE : Math.min(PAGE, limit - entries.size());
      RangeRequest request =
          RangeRequest.newBuilder()
              .setKey(start)
              .setRangeEnd(end)
              .setLimit(want)
              .setRevision(shown)
              .build();
      RangeResponse answer = calls.await("list", prefix, kv.range(request), 0, revision);
      shown = shown == 0 ? answer.getHeader().getRevision() : shown;
      answer.getKvsList().forEach(found -> entries.add(entry(found)));
      long remaining = answer.getCount() - answer.getKvsCount();
      if (remaining <= 0 || (limit != 0 && entries.size() >= limit)) {
        return new Page(entries, shown, Math.max(0, remaining));
      }
      start = EtcdKv.bytes(entries.getLast().key() + "\0");
    }
  }

  @Override
  public long revision() {
    return count(0).getHeader().getRevision();
  }

  @Override
  public long oldestRevision(long atLeast) {
    long high = revision();
    long low = Math.max(1, Math.min(atLeast, high));
    while (low < high) {
      long middle = low + (high - low) / 2;
      if (held(middle)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private boolean held(long revision) {
    try {
      var _ = count(revision);
      return true;
    } catch (StoreException.Compacted e) {
      return false;
    }
  }

  /** The cheapest question that makes etcd tell or check a revision. */
  private RangeResponse count(long revision) {
    RangeRequest request =
        RangeRequest.newBuilder()
            .setKey(EtcdKv.bytes("\1"))
            .setCountOnly(true)
            .setRevision(revision)
            .build();
    return calls.await("revision", "\1", kv.range(request), 0, revision);
  }

  /** The servers that share this store, over the same connection. */
  public Members members() {
    return new EtcdMembers(kv, calls);
  }

  @Override
  public Subscription watch(long fromRevision, StoreListener listener) {
    EtcdWatch watch = new EtcdWatch(client.getWatchClient(), fromRevision, listener);
    watch.open();
    return watch;
  }

  @Override
  public void close() {
    kv.close();
    client.close();
  }

  static Entry entry(KeyValue found) {
    return new Entry(
        found.getKey().toStringUtf8(), found.getValue().toByteArray(), found.getModRevision());
  }
}
