package minik8s.apiserver.store.etcd;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.etcd.jetcd.api.Compare;
import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.LeaseRevokeRequest;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import minik8s.apiserver.store.Entry;
import minik8s.apiserver.store.Members;
import minik8s.apiserver.store.StoreException;

/** Members on etcd's leases. Thread-safe. */
final class EtcdMembers implements Members {
  private final EtcdKv kv;
  private final EtcdCalls calls;

  EtcdMembers(EtcdKv kv, EtcdCalls calls) {
    this.kv = kv;
    this.calls = calls;
  }

  @Override
  public long lease(Duration length) {
    LeaseGrantRequest request = LeaseGrantRequest.newBuilder().setTTL(length.toSeconds()).build();
    return await("leaseGrant", kv.leases().leaseGrant(request)).getID();
  }

  @Override
  public boolean renew(long lease) {
    return await("leaseKeepAlive", kv.keepAlive(lease)).getTTL() > 0;
  }

  @Override
  public void release(long lease) {
    LeaseRevokeRequest request = LeaseRevokeRequest.newBuilder().setID(lease).build();
    try {
      var _ = await("leaseRevoke", kv.leases().leaseRevoke(request));
    } catch (StoreException.Unavailable e) {
      if (!String.valueOf(e.getMessage()).contains("requested lease not found")) {
        throw e;
      }
    }
  }

  @Override
  public List<Entry> announce(String folder, String key, byte[] value, long lease) {
    RangeRequest all =
        RangeRequest.newBuilder()
            .setKey(EtcdKv.bytes(folder))
            .setRangeEnd(EtcdKv.prefixEnd(folder))
            .build();
    TxnRequest request =
        TxnRequest.newBuilder()
            .addSuccess(put(key, value, lease))
            .addSuccess(RequestOp.newBuilder().setRequestRange(all))
            .build();
    TxnResponse answer = await("announce", kv.transaction(request));
    return answer.getResponses(1).getResponseRange().getKvsList().stream()
        .map(EtcdStore::entry)
        .toList();
  }

  @Override
  public long claim(String folder, String key, byte[] value, long lease, long created) {
    // No two keys are made at one revision, so this holds for the one key only.
    Compare only =
        Compare.newBuilder()
            .setKey(EtcdKv.bytes(folder))
            .setRangeEnd(EtcdKv.prefixEnd(folder))
            .setTarget(Compare.CompareTarget.CREATE)
            .setResult(Compare.CompareResult.EQUAL)
            .setCreateRevision(created)
            .build();
    TxnRequest request =
        TxnRequest.newBuilder().addCompare(only).addSuccess(put(key, value, lease)).build();
    TxnResponse answer = await("announce", kv.transaction(request));
    return answer.getSucceeded() ? answer.getHeader().getRevision() : 0;
  }

  private <T> T await(String operation, Future<T> answer) {
    return calls.await(operation, "", answer, 0);
  }

  private static RequestOp put(String key, byte[] value, long lease) {
    ByteString bytes = UnsafeByteOperations.unsafeWrap(value);
    return RequestOp.newBuilder()
        .setRequestPut(
            PutRequest.newBuilder().setKey(EtcdKv.bytes(key)).setValue(bytes).setLease(lease))
        .build();
  }
}
