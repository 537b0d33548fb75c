package minik8s.apiserver.store.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KV;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import minik8s.apiserver.store.Entry;
import minik8s.apiserver.store.Page;
import minik8s.apiserver.store.Store;
import minik8s.apiserver.store.StoreException;
import minik8s.apiserver.store.StoreListener;
import org.jspecify.annotations.Nullable;

/**
 * The store on etcd.
 *
 * <p>Thread-safe. Every write is one transaction that compares the key's modification revision. No
 * call waits longer than {@link #PATIENCE}, because jetcd's futures never complete while etcd is
 * away.
 */
public final class EtcdStore implements Store {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /**
   * Larger answers meet gRPC's message limit; etcd serves several short reads better than a long
   * one.
   */
  private static final int PAGE = 500;

  private final Client client;
  private final KV kv;
  private final EtcdTimings timings;

  /** Takes a connected client; see {@link EtcdClients}. */
  public EtcdStore(Client client, EtcdTimings timings) {
    this.client = client;
    this.kv = client.getKVClient();
    this.timings = timings;
  }

  @Override
  public Entry create(String key, byte[] value) {
    Cmp absent = new Cmp(bytes(key), Cmp.Op.EQUAL, CmpTarget.createRevision(0));
    TxnResponse answer = put("create", absent, key, value);
    if (answer.isSucceeded()) {
      return new Entry(key, value, answer.getHeader().getRevision());
    }
    Entry current = found(answer);
    if (current != null && Arrays.equals(current.value(), value)) {
      return current; // Our own write, sent twice because the first answer was lost.
    }
    throw new StoreException.Exists(key);
  }

  @Override
  public Entry replace(Entry seen, byte[] value) {
    String key = seen.key();
    TxnResponse answer = put("update", unchanged(seen), key, value);
    if (answer.isSucceeded()) {
      return new Entry(key, value, answer.getHeader().getRevision());
    }
    Entry current = found(answer);
    if (current != null && Arrays.equals(current.value(), value)) {
      return current;
    }
    throw new StoreException.Changed(key, current);
  }

  private TxnResponse put(String operation, Cmp condition, String key, byte[] value) {
    Op put = Op.put(bytes(key), ByteSequence.from(value), PutOption.DEFAULT);
    Op look = Op.get(bytes(key), GetOption.DEFAULT);
    return await(
        operation, key, kv.txn().If(condition).Then(put).Else(look).commit(), value.length);
  }

  @Override
  public long delete(Entry seen) {
    Op delete = Op.delete(bytes(seen.key()), DeleteOption.DEFAULT);
    Op look = Op.get(bytes(seen.key()), GetOption.DEFAULT);
    TxnResponse answer =
        await(
            "delete", seen.key(), kv.txn().If(unchanged(seen)).Then(delete).Else(look).commit(), 0);
    if (!answer.isSucceeded()) {
      throw new StoreException.Changed(seen.key(), found(answer));
    }
    return answer.getHeader().getRevision();
  }

  private static Cmp unchanged(Entry seen) {
    return new Cmp(bytes(seen.key()), Cmp.Op.EQUAL, CmpTarget.modRevision(seen.revision()));
  }

  private static @Nullable Entry found(TxnResponse answer) {
    List<KeyValue> found = answer.getGetResponses().getFirst().getKvs();
    return found.isEmpty() ? null : entry(found.getFirst());
  }

  @Override
  public @Nullable Entry get(String key) {
    List<KeyValue> found = await("get", key, kv.get(bytes(key)), 0).getKvs();
    return found.isEmpty() ? null : entry(found.getFirst());
  }

  @Override
  public Page list(String prefix, int limit, @Nullable String from, long revision) {
    List<Entry> entries = new ArrayList<>();
    ByteSequence end = prefixEnd(prefix);
    ByteSequence start = bytes(from == null ? prefix : from);
    long shown = revision;
    while (true) {
      int want = limit == 0 ? PAGE : Math.min(PAGE, limit - entries.size());
      GetOption option =
          GetOption.builder().withRange(end).withLimit(want).withRevision(shown).build();
      GetResponse answer = await("list", prefix, kv.get(start, option), 0, revision);
      shown = shown == 0 ? answer.getHeader().getRevision() : shown;
      answer.getKvs().forEach(found -> entries.add(entry(found)));
      long remaining = answer.getCount() - answer.getKvs().size();
      if (remaining <= 0 || (limit != 0 && entries.size() >= limit)) {
        return new Page(entries, shown, Math.max(0, remaining));
      }
      start = bytes(entries.getLast().key() + "\0");
    }
  }

  @Override
  public long revision() {
    GetOption option = GetOption.builder().withCountOnly(true).build();
    return await("revision", "\1", kv.get(bytes("\1"), option), 0).getHeader().getRevision();
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
      GetOption option = GetOption.builder().withCountOnly(true).withRevision(revision).build();
      var _ = await("revision", "\1", kv.get(bytes("\1"), option), 0, revision);
      return true;
    } catch (StoreException.Compacted e) {
      return false;
    }
  }

  @Override
  public Subscription watch(long fromRevision, StoreListener listener) {
    EtcdWatch watch = new EtcdWatch(client.getWatchClient(), fromRevision, listener);
    watch.open();
    return watch;
  }

  @Override
  public void close() {
    client.close();
  }

  private <T> T await(String operation, String key, CompletableFuture<T> answer, int size) {
    return await(operation, key, answer, size, 0);
  }

  private <T> T await(
      String operation, String key, CompletableFuture<T> answer, int size, long revision) {
    long started = System.nanoTime();
    try {
      return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw EtcdFailures.translate(e, key, size, revision);
    } catch (TimeoutException e) {
      throw new StoreException.Unavailable("etcdserver: request timed out", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException.Unavailable("interrupted while waiting for etcd", e);
    } finally {
      timings.took(operation, Duration.ofNanos(System.nanoTime() - started));
    }
  }

  static ByteSequence bytes(String text) {
    return ByteSequence.from(text, UTF_8);
  }

  private static Entry entry(KeyValue found) {
    return new Entry(
        found.getKey().toString(UTF_8), found.getValue().getBytes(), found.getModRevision());
  }

  /** The first key after every key with this prefix, which ends with a slash. */
  private static ByteSequence prefixEnd(String prefix) {
    return bytes(prefix.substring(0, prefix.length() - 1) + "0");
  }
}
