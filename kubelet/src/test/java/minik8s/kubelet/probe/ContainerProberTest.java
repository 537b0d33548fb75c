package minik8s.kubelet.probe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import minik8s.api.Container;
import minik8s.api.Probe;
import minik8s.api.codec.Json;
import minik8s.control.Timers;
import minik8s.kubelet.probe.Answer.Verdict;
import minik8s.kubelet.runtime.FakeStreams;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real sockets on the loopback address, and a fake container for commands. */
class ContainerProberTest {
  private final Timers timers = Timers.system();
  private final Prober prober = new ContainerProber(new FakeStreams(), timers);
  private final Map<String, String> answers = new ConcurrentHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();

  @SuppressWarnings("NullAway.Init")
  private ServerSocket server;

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual()
        .start(() -> {
          while (!server.isClosed()) {
            try {
              Socket client = server.accept();
              Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
              return;
            }
          }
        });
  }

  private void serve(Socket client) {
    try (client) {
      BufferedReader in =
          new BufferedReader(new InputStreamReader(client.getInputStream(), ISO_8859_1));
      StringBuilder head = new StringBuilder();
      for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
        head.append(line).append('\n');
      }
      requests.add(head.toString());
      String[] words = head.toString().split(" ");
      String answer = words.length > 1 ? answers.get(words[1]) : null;
      if (answer == null) {
        while (in.readLine() != null) {} // never answers
      } else {
        client.getOutputStream().write(answer.getBytes(ISO_8859_1));
      }
    } catch (IOException e) {
      // the prober has left
    }
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    timers.close();
  }

  private Answer ask(String probe) {
    Container container =
        Json.read(
            "{\"name\":\"c\",\"image\":\"i\",\"ports\":[{\"name\":\"web\",\"containerPort\":"
                + server.getLocalPort()
                + "}]}",
            Container.class);
    return prober.ask(
        Json.read(probe.replace('\'', '"'), Probe.class), new Target("id", container, "127.0.0.1"));
  }

  private static String status(String line) {
    return "HTTP/1.1 " + line + "\r\n\r\n";
  }

  @Test
  void takesAnyStatusFrom200To399AsSuccess() {
    answers.put("/", status("204 No Content"));
    answers.put("/not-modified", status("304 Not Modified"));
    answers.put("/bad", status("503 Service Unavailable"));
    assertThat(ask("{'httpGet':{'port':'web'}}").verdict()).isEqualTo(Verdict.SUCCESS);
    assertThat(ask("{'httpGet':{'path':'not-modified','port':'web'}}").good()).isTrue();
    assertThat(ask("{'httpGet':{'path':'/bad','port':" + server.getLocalPort() + "}}"))
        .isEqualTo(new Answer(Verdict.FAILURE, "HTTP probe failed with statuscode: 503"));
  }

  @Test
  void sendsItsOwnHeadersAndThoseOfTheSpec() {
    answers.put("/a%20b", status("200 OK"));
    assertThat(
            ask("{'httpGet':{'path':'/a b','port':'web','httpHeaders':[{'name':'Host','value':"
                    + "'example.com'},{'name':'X-Custom','value':'Awesome'}]}}")
                .good())
        .isTrue();
    assertThat(requests.getFirst())
        .contains("Host: example.com\n", "X-Custom: Awesome\n", "User-Agent: kube-probe/")
        .doesNotContain("Host: 127.0.0.1");
  }

  @Test
  void followsARedirectToTheSameHostOnly() {
    answers.put("/here", "HTTP/1.1 302 Found\r\nLocation: /there\r\n\r\n");
    answers.put("/there", status("500 Oops"));
    answers.put("/away", "HTTP/1.1 301 Moved\r\nLocation: http://example.com/\r\n\r\n");
    answers.put("/round", "HTTP/1.1 302 Found\r\nLocation: /round\r\n\r\n");
    assertThat(ask("{'httpGet':{'path':'/here','port':'web'}}").text())
        .isEqualTo("HTTP probe failed with statuscode: 500");
    assertThat(ask("{'httpGet':{'path':'/away','port':'web'}}").verdict())
        .isEqualTo(Verdict.WARNING);
    assertThat(ask("{'httpGet':{'path':'/round','port':'web'}}").text())
        .endsWith("stopped after 10 redirects");
  }

  @Test
  void givesUpAfterTheTimeout() {
    assertThat(ask("{'httpGet':{'path':'/silent','port':'web'},'timeoutSeconds':1}").text())
        .contains("/silent\": context deadline exceeded");
    assertThat(ask("{'grpc':{'port':" + server.getLocalPort() + "},'timeoutSeconds':1}").text())
        .contains("did not complete within 1s");
  }

  @Test
  void namesWhatKeepsItFromAsking() throws IOException {
    // Bound and never listened on: nobody answers there, and nobody else can take it.
    try (Socket silent = new Socket()) {
      silent.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      refused(silent.getLocalPort());
    }
    assertThat(ask("{'tcpSocket':{'port':'nosuch'}}").verdict()).isEqualTo(Verdict.ERROR);
  }

  private void refused(int free) {
    assertThat(ask("{'httpGet':{'port':" + free + "}}").text())
        .isEqualTo(
            "Get \"http://127.0.0.1:%d/\": dial tcp 127.0.0.1:%d: connect: connection refused"
                .formatted(free, free));
    assertThat(ask("{'tcpSocket':{'port':" + free + "}}"))
        .isEqualTo(
            new Answer(
                Verdict.FAILURE, "dial tcp 127.0.0.1:" + free + ": connect: connection refused"));
    assertThat(ask("{'grpc':{'port':" + free + "}}").text())
        .startsWith("timeout: failed to connect service \"127.0.0.1:" + free + "\" within 1s");
  }

  @Test
  void takesAConnectionAsSuccess() {
    assertThat(ask("{'tcpSocket':{'port':'web'}}").verdict()).isEqualTo(Verdict.SUCCESS);
  }

  @Test
  void judgesACommandByItsExitCode() {
    assertThat(ask("{'exec':{'command':['cat','/tmp/healthy']}}"))
        .isEqualTo(new Answer(Verdict.FAILURE, "cat /tmp/healthy\n"));
  }
}
