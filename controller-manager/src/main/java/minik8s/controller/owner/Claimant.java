package minik8s.controller.owner;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import minik8s.api.ApiException;
import minik8s.api.Failure;
import minik8s.api.KubeObject;
import minik8s.api.LabelSelector;
import minik8s.api.OwnerReference;
import minik8s.api.PartialObject;
import minik8s.api.Resource;
import minik8s.client.Api;
import minik8s.client.PatchType;
import minik8s.client.informer.Index;
import minik8s.client.informer.Lister;
import minik8s.controller.patch.Patches;

/**
 * Claims dependents of one kind for owners of one kind: decides with {@link Claims}, then patches.
 * Thread-safe.
 *
 * <p>Before it adopts anything it asks the API server whether the owner still exists and is not
 * being deleted, because an adopted object would otherwise fall to the garbage collector.
 */
public final class Claimant<O extends KubeObject, T extends KubeObject> {
  private final Api api;
  private final Resource<?> owners;
  private final Resource<T> dependents;
  private final Lister<T> lister;
  private final Index<T> index;

  /**
   * @param index made by {@link Owned#index}, known to the lister
   */
  public Claimant(
      Api api, Resource<?> owners, Resource<T> dependents, Lister<T> lister, Index<T> index) {
    this.api = api;
    this.owners = owners;
    this.dependents = dependents;
    this.lister = lister;
    this.index = index;
  }

  /** The dependents that are the owner's, after adopting and releasing. */
  public List<T> claim(O owner, LabelSelector selector) {
    return claim(owner, selector, _ -> true);
  }

  /**
   * The same of those dependents alone that the owner would have made itself.
   *
   * @param member whether the object could be one of them
   */
  public List<T> claim(O owner, LabelSelector selector, Predicate<T> member) {
    Claims<T> claims =
        Claims.of(
            owner,
            object -> selector.matches(object.metadata().labels()) && member.test(object),
            lister.by(index, owner.uid()),
            lister.by(index, Owned.orphans(owner.metadata().namespace())));
    List<T> mine = new ArrayList<>(claims.keep());
    if (!claims.adopt().isEmpty() && mayAdopt(owner)) {
      claims.adopt().forEach(object -> adopt(owner, object, mine));
    }
    claims.release().forEach(object -> release(owner, object));
    return mine;
  }

  private boolean mayAdopt(O owner) {
    return api.find(owners.as(PartialObject.class), owner.key())
        .filter(live -> live.uid().equals(owner.uid()) && !live.metadata().deleting())
        .isPresent();
  }

  private void adopt(O owner, T object, List<T> mine) {
    try {
      mine.add(
          api.patch(
              dependents,
              object.key(),
              "",
              PatchType.STRATEGIC,
              Patches.adopt(object, OwnerReference.controller(owners, owner))));
    } catch (ApiException e) {
      ignoreIfGone(e);
    }
  }

  private void release(O owner, T object) {
    try {
      api.patch(
          dependents,
          object.key(),
          "",
          PatchType.STRATEGIC,
          Patches.release(object, List.of(owner.uid())));
    } catch (ApiException e) {
      ignoreIfGone(e);
    }
  }

  /** Gone, replaced by a namesake, or claimed by somebody else first: not ours any more. */
  private static void ignoreIfGone(ApiException e) {
    if (!e.notFound() && !e.conflict() && !e.is(Failure.Reason.Invalid)) {
      throw e;
    }
  }
}
