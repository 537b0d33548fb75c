package minik8s.bench;

import java.io.IOException;
import java.util.List;

/** A group of figures that are measured together. */
interface Row {
  /** Measures; leaves the cluster as it was. */
  List<Figure> measure(Cluster cluster) throws IOException;
}
