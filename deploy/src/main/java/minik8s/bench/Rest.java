package minik8s.bench;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Lets time pass while something else is measured. Stateless. */
final class Rest {
  private Rest() {}

  static void seconds(int seconds) throws IOException {
    try {
      TimeUnit.SECONDS.sleep(seconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
