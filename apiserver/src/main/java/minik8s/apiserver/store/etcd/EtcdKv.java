package minik8s.apiserver.store.etcd;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.etcd.jetcd.api.Compare;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.LeaseGrpc;
import io.etcd.jetcd.api.LeaseKeepAliveRequest;
import io.etcd.jetcd.api.LeaseKeepAliveResponse;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * etcd's key-value calls through jetcd's generated stubs, without the retry, future and executor
 * layers of jetcd's own client: a call is written by its caller and answered by the network thread,
 * so that it costs one hand-over instead of four. Thread-safe.
 *
 * <p>Values are not copied on the way out; callers never change an array that they have stored.
 */
final class EtcdKv implements AutoCloseable {
  private static final Duration CONNECTED = Duration.ofSeconds(10);
  private static final Duration AWAY = Duration.ofSeconds(1);

  private final ManagedChannel channel;
  private final KVGrpc.KVFutureStub stub;

  /** Calls over this channel, which it closes in the end. */
  EtcdKv(ManagedChannel channel) {
    this.channel = channel;
    this.stub = KVGrpc.newFutureStub(channel).withWaitForReady();
  }

  /**
   * How long a call made now is worth waiting for: long while etcd is connected, briefly while it
   * is not. A call waits for the connection, and a connection that is backing off is tried at once.
   */
  Duration patience() {
    ConnectivityState state = channel.getState(true);
    if (state == ConnectivityState.TRANSIENT_FAILURE) {
      channel.resetConnectBackoff();
      return AWAY;
    }
    return CONNECTED;
  }

  /** Why nothing was answered in time. */
  String silence() {
    return channel.getState(false) == ConnectivityState.READY
        ? "etcdserver: request timed out"
        : "etcd is not available: it accepts no connection";
  }

  ListenableFuture<TxnResponse> transaction(TxnRequest request) {
    return stub.txn(request);
  }

  /** The lease calls of the same connection. */
  LeaseGrpc.LeaseFutureStub leases() {
    return LeaseGrpc.newFutureStub(channel).withWaitForReady();
  }

  /** Renews a lease; the answer says what is left of it, 0 when it is over. */
  CompletableFuture<LeaseKeepAliveResponse> keepAlive(long lease) {
    CompletableFuture<LeaseKeepAliveResponse> answer = new CompletableFuture<>();
    StreamObserver<LeaseKeepAliveRequest> question =
        LeaseGrpc.newStub(channel)
            .withWaitForReady()
            .leaseKeepAlive(
                new StreamObserver<>() {
                  @Override
                  public void onNext(LeaseKeepAliveResponse value) {
                    answer.complete(value);
                  }

                  @Override
                  public void onError(Throwable failure) {
                    answer.completeExceptionally(failure);
                  }

                  @Override
                  public void onCompleted() {
                    answer.completeExceptionally(
                        Status.UNAVAILABLE.withDescription("no answer").asException());
                  }
                });
    question.onNext(LeaseKeepAliveRequest.newBuilder().setID(lease).build());
    question.onCompleted();
    return answer;
  }

  ListenableFuture<RangeResponse> range(RangeRequest request) {
    return stub.range(request);
  }

  /** The one key, as of now. */
  ListenableFuture<RangeResponse> get(String key) {
    return stub.range(RangeRequest.newBuilder().setKey(bytes(key)).build());
  }

  /**
   * If {@code condition} holds for its key, does {@code then}; else reads the key, so that the
   * caller learns what is there instead.
   */
  ListenableFuture<TxnResponse> attempt(Compare condition, RequestOp then) {
    RequestOp look =
        RequestOp.newBuilder()
            .setRequestRange(RangeRequest.newBuilder().setKey(condition.getKey()))
            .build();
    return transaction(
        TxnRequest.newBuilder().addCompare(condition).addSuccess(then).addFailure(look).build());
  }

  /** Holds while the key does not exist. */
  static Compare absent(String key) {
    return Compare.newBuilder()
        .setKey(bytes(key))
        .setTarget(Compare.CompareTarget.CREATE)
        .setResult(Compare.CompareResult.EQUAL)
        .setCreateRevision(0)
        .build();
  }

  /** Holds while the key was last changed at this revision. */
  static Compare unchanged(String key, long revision) {
    return Compare.newBuilder()
        .setKey(bytes(key))
        .setTarget(Compare.CompareTarget.MOD)
        .setResult(Compare.CompareResult.EQUAL)
        .setModRevision(revision)
        .build();
  }

  static RequestOp put(String key, byte[] value) {
    return RequestOp.newBuilder()
        .setRequestPut(
            PutRequest.newBuilder()
                .setKey(bytes(key))
                .setValue(UnsafeByteOperations.unsafeWrap(value)))
        .build();
  }

  static RequestOp delete(String key) {
    return RequestOp.newBuilder()
        .setRequestDeleteRange(DeleteRangeRequest.newBuilder().setKey(bytes(key)))
        .build();
  }

  /** The first key after every key with this prefix, which ends with a slash. */
  static ByteString prefixEnd(String prefix) {
    return bytes(prefix.substring(0, prefix.length() - 1) + "0");
  }

  static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
