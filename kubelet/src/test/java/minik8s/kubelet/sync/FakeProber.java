package minik8s.kubelet.sync;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import minik8s.api.Probe;
import minik8s.kubelet.probe.Answer;
import minik8s.kubelet.probe.Answer.Verdict;
import minik8s.kubelet.probe.Prober;
import minik8s.kubelet.probe.Target;

/**
 * Answers probes as the test says, by the first word of their command; success otherwise. Records
 * what was asked. Thread-safe.
 */
final class FakeProber implements Prober {
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  final List<String> asked = new CopyOnWriteArrayList<>();

  void fail(String word) {
    answers.put(word, new Answer(Verdict.FAILURE, "no " + word));
  }

  void recover(String word) {
    answers.remove(word);
  }

  @Override
  public Answer ask(Probe probe, Target target) {
    String word = probe.exec() == null ? "" : probe.exec().command().getFirst();
    asked.add(target.container().name() + " " + word);
    return answers.getOrDefault(word, new Answer(Verdict.SUCCESS, ""));
  }
}
