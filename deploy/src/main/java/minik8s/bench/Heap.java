package minik8s.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Java heap of another process of ours, read with the JDK's own {@code jcmd}. */
record Heap(long pid) {
  /** A generation; Metaspace, which is no heap, has another form where it is told of at all. */
  private static final Pattern GENERATION = Pattern.compile("total \\d+K, used (\\d+)K");

  /** Bytes in use now, garbage included. */
  long used() throws IOException {
    long total = 0;
    String text = jcmd("GC.heap_info");
    Matcher matcher = GENERATION.matcher(text);
    while (matcher.find()) {
      total += Long.parseLong(matcher.group(1)) * 1024;
    }
    if (total == 0) {
      throw new IOException("jcmd tells no generations: " + text.strip());
    }
    return total;
  }

  /** Bytes in use after a full collection. */
  long afterCollection() throws IOException {
    jcmd("GC.run");
    jcmd("GC.run");
    return used();
  }

  private String jcmd(String command) throws IOException {
    String jcmd = System.getProperty("java.home") + "/bin/jcmd";
    Process process =
        new ProcessBuilder(jcmd, Long.toString(pid), command).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException("jcmd " + command + " failed: " + text.strip());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    return text;
  }
}
