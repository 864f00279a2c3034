using System.Net.Sockets;
using ActorSock.Connections;
using ActorSock.Events;
using ActorSock.Framing;
using ActorSock.Journal;
using ActorSock.Supervision;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Native;

/// <content>Deadlines, the end, and what a restart makes of both.</content>
internal sealed partial class NativeActor
{
    // ---- deadlines

    private void Deadline(Rejection rejection, TimeSpan limit)
    {
        _late = (rejection, limit);
        _deadline.Set(limit, Timers);
    }

    private void LiftDeadlines()
    {
        _deadline.Lift();
        _paceCheck.Lift();
    }

    private void WatchPace()
    {
        var limits = _parts.Settings.Connections;
        _pace = new Pace(_link, limits.BodyRateMin);
        if (limits.BodyRateMin > 0)
            _paceCheck.Set(limits.BodyGrace, Timers);
    }

    private void CheckPaceOf(string what)
    {
        if (!_paceCheck.Passed(Timers))
            return;
        var limits = _parts.Settings.Connections;
        _paceCheck.Set(limits.BodyGrace, Timers);
        if (_pace.FellShort(limits.BodyGrace))
            RefuseAll(new Refusal(Rejection.BodyLate, $"{what} came at less than {limits.BodyRateMin} bytes a second for {limits.BodyGrace.TotalSeconds:0.###} s"));
    }

    private void WatchSending()
    {
        _takenBefore = _link.BytesTaken;
        _sentCheck.Set(_parts.Settings.Connections.SendDeadline, Timers);
    }

    /// <summary>A peer may take long answers slowly, but not more slowly than it may send.</summary>
    private void CheckSentPace()
    {
        if (!_sentCheck.Passed(Timers) || !_session.Outbox.IsSending)
            return;
        var limits = _parts.Settings.Connections;
        // While nothing waits for room in the socket, it is we who are slow.
        if (!_link.IsSending || _link.BytesTaken - _takenBefore >= Math.Max(1, limits.BodyRateMin * limits.SendDeadline.TotalSeconds))
            WatchSending();
        else
            Leave($"a reply was not taken within {limits.SendDeadline.TotalSeconds:0.###} s");
    }

    // ---- the end

    /// <summary>Ends the conversation: by a deadline, or because nobody knows where the next frame begins.</summary>
    private void RefuseAll(Refusal refusal)
    {
        if (_session.Ending is not null)
            return;
        var (id, room) = ((long?)null, 0);
        if (_session.Incoming is not null)
        {
            var upload = Forget(refusal);
            (id, room) = (upload.Id, upload.Room);
        }
        else if (refusal.Rejection != Rejection.IdleTooLong)
        {
            Note(null, refusal);
        }
        End(NativeReply.Refused(id, refusal, closes: true), room, refusal.ToString());
    }

    private void End(NativeRequest request, int room, Refusal refusal)
    {
        Note(null, refusal, NameIn(request));
        End(NativeReply.Refused(request.Id, refusal, closes: true), room, refusal.ToString());
    }

    private void EndDrained() =>
        End(NativeReply.Refused(null, new Refusal(Rejection.Draining, "connect to another node, or later"), closes: true), 0, "drained");

    /// <summary>Reads nothing more; when everything before it is answered the last word is said.</summary>
    private void End(NativeReply? lastWord, int room, string reason)
    {
        LiftDeadlines();
        SayUnsaid();
        (_held, _isAwaiting, _session.Read) = (null, false, null);
        _session.Ending = new Ending(lastWord, room, reason);
        Become(Finishing);
        FinishIfDone();
    }

    private void FinishIfDone()
    {
        if (_session.Unanswered > 0 || _session.Ending is not { } ending)
            return;
        if (ending.LastWord is { } lastWord)
        {
            _session.Ending = ending with { LastWord = null };
            Tell(lastWord, ending.Room);
        }
        else
        {
            CloseInOrder(ending.Reason);
        }
    }

    /// <summary>Reads on for a while: a close with bytes unread is a reset, which can overtake what was said last.</summary>
    private void CloseInOrder(string reason)
    {
        _closeReason = reason;
        if (_isPeerGone)
        {
            Stop();
            return;
        }
        _link.EndSending();
        Become(Closing);
        Timers.StartSingleTimer(nameof(LingerEnded), new LingerEnded(), _parts.Settings.Connections.Linger);
        _framer.Tell(NativeFramerActor.Command.SkipRest.Instance);
    }

    /// <summary>Ends, once those have ended who keep what had come of uploads: they would end with it.</summary>
    private void Stop()
    {
        _isOver = true;
        if (_keeping.Count == 0)
            Context.Stop(Self);
    }

    private void Kept(IActorRef writer)
    {
        _keeping.Remove(writer);
        if (_isOver)
            Stop();
    }

    /// <summary>The peer has closed its side, and may still read; or the connection is broken.</summary>
    private void Lose(SocketError error)
    {
        if (error != SocketError.Success)
        {
            Leave($"peer lost: {error}");
            return;
        }
        _isPeerGone = true;
        var isWhole = ForgetCut("it closed");
        End(null, 0, isWhole ? "peer closed" : "peer vanished: it closed");
    }

    /// <summary>Nobody hears anything any more; what is being committed is waited for all the same.</summary>
    private void Leave(string reason)
    {
        _isPeerGone = true;
        ForgetCut(reason);
        StopReaders();
        _session.Outbox.Break();
        _sentCheck.Lift();
        _session.Unsaid = null;
        End(null, 0, _session.Ending?.Reason ?? reason);
    }

    /// <summary>True when the peer has left between two requests.</summary>
    private bool ForgetCut(string how)
    {
        var refusal = new Refusal(Rejection.PeerVanished, how);
        if (_session.Incoming is not null)
            _session.Outbox.Release(Forget(refusal).Room);
        else if (_isBegun)
            Note(null, refusal);
        else
            return true;
        _isBegun = false;
        return false;
    }

    /// <summary>Ended from above in the middle of requests: by the limit of a drain, or by one failure too many.</summary>
    /// <remarks>The children have ended by now: what a verdict says is true, whether this actor has heard it or not.</remarks>
    private void Cut()
    {
        var refusal = _link.Draining
            ? new Refusal(Rejection.Draining, "the upload did not finish in time")
            : new Refusal(Rejection.Crashed, "the conversation has ended");
        _closeReason = refusal.ToString();
        foreach (var commit in _session.Asked.Values.OfType<NativeCommit>())
        {
            if (commit.Verdict.Said is Verdict.Outcome.Stored stored)
                _session.Outbox.Add(ReplyTo(commit, stored).Encode(), 0);
            else if (commit.Verdict is { IsCommitting: true, Said: null })
                _closeReason = "ended during a commit"; // what becomes of it nobody here will hear
            else
                Note(commit, refusal);
        }
        _session.Outbox.Add(NativeReply.Refused(null, refusal, closes: true).Encode(), 0);
        _session.Outbox.Send(ActorRefs.Nobody);
    }

    // ---- failure policy

    private static readonly FailurePolicy.Row[] s_policy =
    [
        new("framer", typeof(Exception), Directive.Escalate), // it stands in the middle of our bytes: we begin again together
        new("writer-*", typeof(Exception), Directive.Stop),   // one upload is lost, the conversation is not
        new("reader-*", typeof(Exception), Directive.Stop),   // one request, and the conversation with it where half of a reply was said
    ];

    protected override FailurePolicy Policy => new(s_policy, (child, cause, directive) =>
    {
        if (directive == Directive.Escalate)
        {
            Publish(new ServerEvent.Escalated(_parts.Now, child.Path.ToStringWithoutAddress(), cause));
            return;
        }
        Self.Tell(new Failed(child, cause), Self);
        if (cause is not Files.StorageException)
            Publish(new ServerEvent.ActorStopped(_parts.Now, child.Path.ToStringWithoutAddress(), cause));
    });

    // ---- lifecycle

    protected override void PreStart()
    {
        StartFramer();
        AwaitNext();
    }

    private void StartFramer() => _framer = Context.ActorOf(NativeFramerActor.PropsOf(_parts, _link), "framer");

    protected override void PreRestart(Exception reason, object message)
    {
        // The children go, the link stays: PostStop, which closes it, is not for a restart.
        foreach (var child in Context.GetChildren())
            Context.Stop(child);
    }

    protected override void PostRestart(Exception reason)
    {
        Publish(new ServerEvent.Restarted(_parts.Now, Self.Path.ToStringWithoutAddress(), reason));
        Context.Parent.Tell(new ConnectionSupervisor.Recovered(reason));
        if (_session.Outbox.IsSending)
            Leave("failed while a reply was on its way"); // what is said next could come before its end
        else
            StartFramer(); // and nothing else of PreStart
        var crashed = new Refusal(Rejection.Crashed, "the conversation goes on where it can");
        foreach (var commit in _session.Asked.Values.OfType<NativeCommit>().Where(each => each != _session.Incoming).ToArray())
        {
            if (commit is NativeUpload upload)
                (upload.Before, upload.Next) = (null, null); // who waits is refused here, too
            if (commit.Verdict.Said is not null)
                Conclude(commit);
            else if (!commit.Verdict.IsCommitting)
                RefuseRead(commit, crashed);
        }
        foreach (var reading in _session.Asked.Values.OfType<NativeReading>().ToArray())
        {
            _session.Outbox.Remove(reading.Reader);
            Note(null, crashed, NameIn(reading.Request));
            Answer(reading, NativeReply.Refused(reading.Id, crashed, closes: false));
        }
        GoOn(crashed);
    }

    /// <summary>Goes on reading where the framer before has left off.</summary>
    private void GoOn(Refusal crashed)
    {
        if (_session.Ending is { } ending)
            End(ending.LastWord, ending.Room, ending.Reason); // also because a reply was on its way
        else if (_link.Position == FramePosition.Unknown)
            RefuseAll(crashed);
        else if (_session.Incoming is { Verdict.Said: not null } answered)
            Conclude(answered);
        else if (_session.Incoming is not null)
            RefuseIncoming(crashed);
        else if (_session.Read is { } request)
            RefuseHeld(request, crashed);
        else if (_link.Position != FramePosition.Boundary)
            SkipBody(); // it was refused before
        else
        {
            SayUnsaid();
            AwaitNext();
        }
        Self.Tell(Say.Instance, Self); // what was to be said then
    }

    private void RefuseHeld(NativeRequest request, Refusal crashed)
    {
        Note(null, crashed, NameIn(request));
        _session.Unsaid = (NativeReply.Refused(request.Id, crashed, closes: false), 0);
        _session.Read = null;
        SkipBody();
    }

    protected override void PostStop()
    {
        if (_session.Asked.Count > 0)
            Cut();
        else
            _session.Outbox.Send(ActorRefs.Nobody); // what was answered just now waits for its turn
        _session.Outbox.Clear();
        _link.Dispose();
        Publish(new ServerEvent.ConnectionClosed(_parts.Now, _link.Id, _link.Peer, _closeReason,
            _parts.Clock.GetElapsedTime(_link.OpenedAt), _link.BytesIn, _link.BytesOut, _link.UploadsStored, _link.UploadsRefused));
    }
}
