package minik8s.simulation;

import java.util.List;
import java.util.Random;
import minik8s.client.informer.Informer;

/** The inside of one process: what it follows and what it does. Confined to one thread. */
interface Part extends AutoCloseable {
  List<Informer<?>> informers();

  /** Does one thing that waits to be done; false when nothing does. */
  boolean work(Random random) throws InterruptedException;

  @Override
  void close();
}
