using System.Security.Cryptography;
using ActorSock.Blocks;
using ActorSock.Lanes;
using ActorSock.Settings;
using ActorSock.Tests.Blocks;
using ActorSock.Tests.Settings;
using ActorSock.Wire;
using ActorSock.Wire.Native;
using FsCheck;
using FsCheck.Fluent;

namespace ActorSock.Tests.Lanes;

/// <summary>When lanes begin a round, what comes out, and what a failure costs.</summary>
/// <remarks>The lanes run on the test's thread, and the clock stands still until the test moves it.</remarks>
public sealed class DigestLanesActorTests : TestKit
{
    private const int KiB = 1024;

    private const string OnThisThread = "akka.test.calling-thread-dispatcher";

    private readonly Loading _loading = new();
    private readonly BlockPool _pool = new(64 * 1024 * KiB, new BlockTracks(TimeProvider.System));
    private readonly List<LaneUpload> _uploads = [];
    private readonly IActorRef _lanes;

    public DigestLanesActorTests() : base("""akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit" """)
    {
        _lanes = Lanes(_loading.Settings);
    }

    private TestScheduler Clock => (TestScheduler)Sys.Scheduler;

    protected override void AfterAll()
    {
        _uploads.ForEach(upload => upload.Dispose());
        _loading.Dispose();
        _pool.Rentals.ShouldBeEmpty();
        _pool.Dispose();
    }

    [Fact]
    public void A_lone_upload_never_waits()
    {
        var alone = Begin();

        for (var i = 1; i <= 5; i++)
        {
            alone.Give(Bodies.Of(100 * KiB, i));

            alone.Appended.ShouldBe(i);
            alone.Window.Outstanding.ShouldBe(0);
        }
        alone.Ask();

        alone.Digested.ShouldBe(alone.Expected);
    }

    [Fact]
    public void An_empty_body_has_the_digest_of_nothing()
    {
        var empty = Begin();

        empty.Ask();

        $"{empty.Digested}".ShouldBe("d41d8cd98f00b204e9800998ecf8427e");
    }

    [Fact]
    public void A_round_begins_when_every_flowing_upload_has_a_block()
    {
        var (first, second) = TwoFlowing();

        second.Give(Bodies.Of(10));
        second.Appended.ShouldBe(0, "the first is on its way, too");
        first.Give(Bodies.Of(10));

        (first.Appended, second.Appended).ShouldBe((1, 1));
    }

    [Fact]
    public void Who_stalls_holds_nobody_up_beyond_the_patience()
    {
        var (stalls, flows) = TwoFlowing();

        flows.Give(Bodies.Of(10));
        Clock.Advance(DigestLanesActor.Patience - TimeSpan.FromTicks(1));
        flows.Appended.ShouldBe(0);
        Clock.Advance(TimeSpan.FromTicks(1));
        flows.Appended.ShouldBe(1);

        flows.Give(Bodies.Of(10));
        flows.Appended.ShouldBe(2, "the one that stalls is not waited for again");
        stalls.Give(Bodies.Of(10));
        stalls.Appended.ShouldBe(0, "it flows again, and waits for the other");
        Clock.Advance(DigestLanesActor.Patience);
        stalls.Appended.ShouldBe(1);
    }

    [Fact]
    public void Of_one_upload_half_a_window_waits_and_no_more()
    {
        var (_, quick) = TwoFlowing();

        for (var half = _loading.Settings.Memory.WindowBlocks / 2; half > 0; half--)
            quick.Give(Bodies.Of(10));
        quick.Appended.ShouldBe(0);
        quick.Give(Bodies.Of(10));
        quick.Appended.ShouldBe(1);

        Clock.Advance(DigestLanesActor.Patience);
        quick.Window.Outstanding.ShouldBe(0);
    }

    [Fact]
    public void A_block_that_is_digested_in_part_waits_for_company_too()
    {
        var (large, small) = TwoFlowing();

        large.Give(Bodies.Of(100 * KiB));
        small.Give(Bodies.Of(10));
        (large.Appended, small.Appended).ShouldBe((0, 1));
        small.Give(Bodies.Of(10));

        (large.Appended, small.Appended).ShouldBe((1, 2));
    }

    [Fact]
    public void With_windows_of_one_block_none_waits()
    {
        var settings = _loading.Settings with { Memory = _loading.Settings.Memory with { WindowBlocks = 1 } };
        var (_, flows) = TwoFlowing(Lanes(settings));

        flows.Give(Bodies.Of(100 * KiB));

        flows.Appended.ShouldBe(1);
    }

    [Fact]
    public void The_last_block_of_a_body_waits_for_nobody()
    {
        var (_, ends) = TwoFlowing();

        ends.Give(Bodies.Of(10));
        ends.Ask();

        ends.Digested.ShouldBe(ends.Expected);
    }

    [Fact]
    public void No_block_waits_while_somebody_waits_for_memory()
    {
        var (_, has) = TwoFlowing();
        var block = has.Fill(Bodies.Of(10));
        var rest = Enumerable.Range(0, 63).Select(_ => _pool.TryRent(1024 * KiB)!).ToList();

        _pool.Wait(1024 * KiB, new CallsBack(granted => rest.Add(granted)));
        has.Give(block);

        has.Appended.ShouldBe(1);
        rest.Count.ShouldBe(64, "its block made room");
        rest.ForEach(each => each.Return());
    }

    [Fact]
    public void Who_is_done_is_not_waited_for()
    {
        var (done, flows) = TwoFlowing();

        done.Ask();
        flows.Give(Bodies.Of(10));

        flows.Appended.ShouldBe(1);
    }

    [Fact]
    public void Forgetting_an_upload_returns_its_blocks_also_those_that_come_later()
    {
        var (_, forgotten) = TwoFlowing();
        forgotten.Give(Bodies.Of(10));

        forgotten.Forget();
        forgotten.Window.Outstanding.ShouldBe(0);
        forgotten.Give(Bodies.Of(10));

        forgotten.Window.Outstanding.ShouldBe(0);
        forgotten.Appended.ShouldBe(2);
        Clock.Advance(DigestLanesActor.Patience);
        forgotten.Digested.ShouldBeNull();
    }

    [Fact]
    public void Asking_for_a_digest_that_is_lost_is_answered_at_once()
    {
        var lost = Begin();
        lost.Give(Bodies.Of(10));
        lost.Forget();

        lost.Ask();

        lost.IsBroken.ShouldBeTrue();
        lost.Digested.ShouldBeNull();
    }

    [Fact]
    public void A_failure_breaks_the_uploads_in_its_round_and_no_other()
    {
        List<LaneUpload> inRound = [], behind = [];
        LaneUpload? faulty = null;
        Block? astray = null;
        var before = Begin(onAppended: () =>
        {
            if (faulty is not null)
                return;
            // All these wait in the mailbox until the round that the lanes are in is over, and the next one takes the first of them.
            inRound.AddRange(Enumerable.Range(0, DigestLanes.Width - 1).Select(_ => Begin()));
            behind.AddRange(Enumerable.Range(0, 3).Select(_ => Begin()));
            inRound.ForEach(upload => upload.Give(Bodies.Of(70 * KiB)));
            astray = (faulty = Begin()).GiveAstray(Bodies.Of(10));
            behind.ForEach(upload => upload.Give(Bodies.Of(70 * KiB)));
        });

        EventFilter.Exception<InvalidOperationException>().ExpectOne(() => before.Give(Bodies.Of(10)));

        faulty!.IsBroken.ShouldBeTrue();
        inRound.ShouldAllBe(upload => upload.IsBroken && upload.Window.Outstanding == 0);
        before.Give(Bodies.Of(10));
        foreach (var whole in behind.Append(before))
        {
            whole.Ask();
            whole.Digested.ShouldBe(whole.Expected);
            whole.IsBroken.ShouldBeFalse();
        }
        astray!.Return();
    }

    [Fact]
    public void After_a_failure_uploads_wait_for_each_other_as_before()
    {
        var (first, second) = TwoFlowing();
        var faulty = Begin();
        var astray = faulty.GiveAstray(Bodies.Of(10));
        EventFilter.Exception<InvalidOperationException>().ExpectOne(faulty.Ask);
        first.Give(Bodies.Of(10));
        first.Appended.ShouldBe(1, "it is the first to flow again");

        second.Give(Bodies.Of(10));

        second.Appended.ShouldBe(0, "the first flows, and had its turn");
        Clock.Advance(DigestLanesActor.Patience);
        second.Appended.ShouldBe(1);
        astray.Return();
    }

    [Fact]
    public void A_state_is_of_the_blocks_that_came_before_the_question_and_of_no_others()
    {
        var (_, asks) = TwoFlowing();
        asks.Give(Bodies.Of(100));
        asks.Snapshot();
        asks.Snapshot();
        asks.Give(Bodies.Of(5));
        asks.States.ShouldBeEmpty("the blocks wait for company, and the states with them");

        Clock.Advance(DigestLanesActor.Patience);
        asks.Snapshot();

        asks.States.Select(state => state.BytesCount).ShouldBe([120, 120, 125]);
        asks.States[2].Digest().ShouldBe(ContentDigest.From(asks.Expected));
    }

    [Theory, InlineData(DigestKind.Md5), InlineData(DigestKind.Sha256)]
    public void A_digest_goes_on_from_a_state(DigestKind kind)
    {
        var body = Bodies.Of(200 * KiB);
        var first = Begin(from: DigestState.Empty(kind));
        first.Give(body[..(70 * KiB + 3)]);
        first.Snapshot();
        var state = DigestState.Parse(first.States[0].Md5, first.States[0].Sha256);

        var second = Begin(from: state);
        second.Give(body[(70 * KiB + 3)..]);
        second.Ask();

        second.Digested.ShouldBe(Md5Digest.FromBytes(MD5.HashData(body)));
        second.Sha256.ShouldBe(kind == DigestKind.Md5 ? null : ContentDigest.FromBytes(kind, SHA256.HashData(body)));
        state.Digest().Kind.ShouldBe(kind);
    }

    [Fact]
    public void Who_waits_for_a_state_that_is_lost_is_told()
    {
        var (_, lost) = TwoFlowing();
        lost.Give(Bodies.Of(10));
        lost.Snapshot();

        lost.Forget();

        lost.IsBroken.ShouldBeTrue();
        lost.States.ShouldBeEmpty();
    }

    [Fact]
    public void Any_mix_of_blocks_gives_the_right_digests_and_leaves_nothing()
    {
        var steps = Gen.Choose(0, int.MaxValue - 1).ArrayOf().ToArbitrary();
        var config = FsCheck.Config.QuickThrowOnFailure.WithReplay(20_261_120, 9).WithMaxTest(60).WithEndSize(200);

        Check.One(config, Prop.ForAll(steps, IsRight));
    }

    private bool IsRight(int[] steps)
    {
        var uploads = Enumerable.Range(0, 1 + steps.Length / 5).Select(_ => Begin()).ToList();
        var open = uploads.ToList();
        var forgotten = new HashSet<LaneUpload>();
        foreach (var step in steps)
        {
            if (open.Count == 0)
                break;
            var upload = open[step % open.Count];
            switch (step / 1000 % 12)
            {
                case 0:
                    upload.Ask();
                    open.Remove(upload);
                    break;
                case 1:
                    upload.Forget();
                    forgotten.Add(upload);
                    open.Remove(upload);
                    break;
                case 2:
                    Clock.Advance(DigestLanesActor.Patience);
                    break;
                default:
                    upload.Give(Bodies.Of(1 + step % (200 * KiB), step));
                    break;
            }
        }
        open.ForEach(upload => upload.Ask());
        var right = uploads.All(upload => forgotten.Contains(upload) ? upload.Digested is null : upload.Digested == upload.Expected);
        uploads.ForEach(upload => upload.Forget());
        return right && _pool.BlocksOut == 0;
    }

    private IActorRef Lanes(NodeSettings settings)
    {
        var parts = new NodeParts(settings, null!, _pool, TimeProvider.System); // lanes know no files
        IActorRef lanes = ActorRefs.Nobody;
        Sys.ActorOf(Keeper.PropsOf(DigestLanesActor.PropsOf(parts).WithDispatcher(OnThisThread), child => lanes = child));
        return lanes;
    }

    /// <summary>Two uploads of which blocks come, and none waits now.</summary>
    private (LaneUpload First, LaneUpload Second) TwoFlowing(IActorRef? lanes = null)
    {
        var (first, second) = (Begin(lanes: lanes), Begin(lanes: lanes));
        second.Give(Bodies.Of(10)); // alone
        first.Give(Bodies.Of(10)); // waits for the second
        second.Give(Bodies.Of(10));
        (first.Appended, second.Appended).ShouldBe((1, 2));
        (first.Appended, second.Appended) = (0, 0);
        return (first, second);
    }

    /// <summary>Restarts its child on the test's thread, too.</summary>
    private sealed class Keeper(Props child, Action<IActorRef> begun) : ReceiveActor
    {
        public static Props PropsOf(Props child, Action<IActorRef> begun) =>
            Props.Create(() => new Keeper(child, begun)).WithDispatcher(OnThisThread);

        protected override void PreStart() => begun(Context.ActorOf(child, "lanes"));

        protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(static _ => Directive.Restart);
    }

    private LaneUpload Begin(Action? onAppended = null, DigestState? from = null, IActorRef? lanes = null)
    {
        var upload = new LaneUpload(Sys, lanes ?? _lanes, _pool, onAppended, from);
        _uploads.Add(upload);
        return upload;
    }
}
