package minik8s.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.options.DeleteOption;
import io.grpc.netty.GrpcSslContexts;
import java.io.File;
import java.io.IOException;
import java.util.concurrent.ExecutionException;

/** Raw puts into the cluster's own etcd, under a prefix of their own. */
final class EtcdBaseline implements AutoCloseable {
  private static final String PREFIX = "/bench/";

  private final Client client;

  private EtcdBaseline(Client client) {
    this.client = client;
  }

  static EtcdBaseline connect(Cluster cluster) throws IOException {
    File pki = cluster.home().resolve("pki").toFile();
    return new EtcdBaseline(
        Client.builder()
            .endpoints("https://127.0.0.1:" + cluster.settings().get("ETCD_PORT"))
            .sslContext(
                GrpcSslContexts.forClient()
                    .trustManager(new File(pki, "etcd-ca.crt"))
                    .keyManager(new File(pki, "etcd-client.crt"), new File(pki, "etcd-client.key"))
                    .build())
            .build());
  }

  /** Puts per second with so many callers. */
  double puts(int callers, int count, int bytes) throws IOException {
    ByteSequence value = ByteSequence.from("x".repeat(bytes), UTF_8);
    Load.Result result =
        Load.run(
            callers,
            count,
            () ->
                number -> {
                  try {
                    client
                        .getKVClient()
                        .put(ByteSequence.from(PREFIX + number, UTF_8), value)
                        .get();
                  } catch (ExecutionException e) {
                    throw new IOException(e);
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IOException(e);
                  }
                });
    clear(count);
    return result.rate();
  }

  /** In chunks: one huge delete slows this etcd down until it is restarted. */
  private void clear(int count) throws IOException {
    try {
      for (int i = 0; i <= 9; i++) {
        client
            .getKVClient()
            .delete(
                ByteSequence.from(PREFIX + i, UTF_8), DeleteOption.builder().isPrefix(true).build())
            .get();
      }
    } catch (ExecutionException e) {
      throw new IOException("could not remove " + count + " keys", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
