package minik8s.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs a bounded number of operations on a bounded number of clients. */
final class Load {
  /** One client: prepared by its factory, then called with the operation's number. */
  interface Client extends AutoCloseable {
    void run(int number) throws IOException;

    @Override
    default void close() throws IOException {}
  }

  @FunctionalInterface
  interface Factory {
    Client connect() throws IOException;
  }

  /** Seconds that each operation took, and seconds that all took together. */
  record Result(Samples each, double seconds) {
    double rate() {
      return each.count() / seconds;
    }
  }

  private Load() {}

  /** Spreads {@code operations} over {@code clients}, each with a connection of its own. */
  static Result run(int clients, int operations, Factory factory) throws IOException {
    List<Client> connected = new ArrayList<>();
    double[] each = new double[operations];
    AtomicInteger next = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < clients; i++) {
        connected.add(factory.connect());
      }
      long begin = System.nanoTime();
      List<Future<?>> running = new ArrayList<>();
      for (Client client : connected) {
        running.add(threads.submit(() -> drain(client, next, each)));
      }
      for (Future<?> one : running) {
        one.get();
      }
      return new Result(Samples.of(each), (System.nanoTime() - begin) / 1e9);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    } finally {
      for (Client client : connected) {
        client.close();
      }
    }
  }

  private static boolean drain(Client client, AtomicInteger next, double[] each)
      throws IOException {
    for (int i = next.getAndIncrement(); i < each.length; i = next.getAndIncrement()) {
      long begin = System.nanoTime();
      client.run(i);
      each[i] = (System.nanoTime() - begin) / 1e9;
    }
    return true;
  }
}
