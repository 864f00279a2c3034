using System.Net.Sockets;
using ActorSock.Wire;

namespace ActorSock.Load.Driving;

/// <summary>One connection to the node and whoever is behind it. Lives on the thread of its <see cref="Driver"/>.</summary>
internal abstract class Caller(Driver driver, int number)
{
    private static readonly TimeSpan s_pauseMin = TimeSpan.FromMilliseconds(10), s_pauseMax = TimeSpan.FromSeconds(1);

    private TimeSpan _pause = s_pauseMin;
    private bool _isConnecting;
    private byte[]? _challenge; // what has come of it is _challenged; null when none is due any more
    private int _challenged;

    /// <summary>Which of all connections of the run it is.</summary>
    public int Number { get; } = number;

    /// <summary>Null while it is not connected.</summary>
    public Socket? Socket { get; private set; }

    /// <summary>When it wants to be woken, as a timestamp; <see cref="long.MaxValue"/> for never.</summary>
    public long WakeAt { get; set; } = long.MaxValue;

    /// <summary>Where its readiness keeps it.</summary>
    internal int Place { get; set; } = -1;

    /// <summary>Whether its readiness has seen the end of what the node says: then it is read to that end.</summary>
    internal bool IsEnding { get; set; }

    /// <summary>Whether it is to be called again without waiting for the network.</summary>
    internal bool IsCalledAgain { get; set; }

    /// <summary>Whether it has something to write that did not go out.</summary>
    public bool WantsToWrite => _isConnecting || HasUnsent;

    public bool IsOpen => Socket is not null && !_isConnecting && _challenge is null;

    protected Driver Driver { get; } = driver;

    protected abstract bool HasUnsent { get; }

    protected virtual bool WantsToBeOpen => true;

    /// <summary>Opens the connection; it is open when <see cref="Opened"/> is called.</summary>
    public void Open()
    {
        try
        {
            Socket = Driver.Target.NewSocket();
            _isConnecting = true;
            try
            {
                Socket.Connect(Driver.Target.Node);
            }
            catch (SocketException under) when (under.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
            {
            }
            Driver.Readiness.Add(Socket, this);
        }
        catch (SocketException failed)
        {
            NotOpened(failed.SocketErrorCode);
        }
    }

    /// <summary>Its socket can be read or written, perhaps.</summary>
    public void Ready()
    {
        if (Socket is null) return;
        if (_isConnecting && !IsConnected()) return;
        Read();
        if (IsOpen) Write();
    }

    /// <summary>Its time has come.</summary>
    public void Wake()
    {
        WakeAt = long.MaxValue;
        if (Socket is null)
        {
            if (WantsToBeOpen) Open();
        }
        else if (IsOpen) Woken();
    }

    /// <summary>Looks now and then whether something takes too long.</summary>
    public abstract void Look();

    /// <summary>Closes the connection. What was under way is lost without a word.</summary>
    /// <param name="abruptly">Whether the node is sent a reset.</param>
    public void Close(bool abruptly = false)
    {
        if (Socket is null) return;
        if (abruptly) Socket.LingerState = new LingerOption(true, 0);
        if (!_isConnecting) Driver.ConnectionClosed();
        Socket.Dispose();
        (Socket, _isConnecting, IsEnding, _challenge) = (null, false, false, null);
    }

    /// <summary>The connection is there.</summary>
    protected abstract void Opened();

    /// <summary>Sends what there is to send.</summary>
    protected abstract void Write();

    /// <summary>The node has said something.</summary>
    protected abstract void Heard(ReadOnlySpan<byte> bytes);

    /// <summary>The node has closed its side, or the connection is broken; close it.</summary>
    /// <param name="error">Null for an orderly close.</param>
    protected abstract void Ended(SocketError? error);

    /// <summary>The time that was set with <see cref="WakeAt"/> has come.</summary>
    protected virtual void Woken() { }

    /// <summary>Opens the connection anew, after a pause that grows while it cannot be opened.</summary>
    protected void OpenLater(TimeSpan? pause = null)
    {
        Driver.WakeAfter(this, pause ?? _pause);
        _pause = _pause * 2 < s_pauseMax ? _pause * 2 : s_pauseMax;
    }

    /// <summary>Sends bytes, as many as go.</summary>
    /// <returns>How many; 0 when none go now, negative when the connection is broken.</returns>
    protected int Send(ReadOnlySpan<byte> bytes)
    {
        var sent = Socket!.Send(bytes, SocketFlags.None, out var error);
        return error switch
        {
            SocketError.Success => sent,
            SocketError.WouldBlock => 0,
            _ => -1,
        };
    }

    /// <summary>Says that nothing more is sent.</summary>
    /// <returns>False when the node has ended the connection before.</returns>
    protected bool EndSending()
    {
        try
        {
            Socket!.Shutdown(SocketShutdown.Send);
            return true;
        }
        catch (SocketException broken) when (broken.SocketErrorCode is SocketError.NotConnected or SocketError.ConnectionReset)
        {
            return false;
        }
    }

    private bool IsConnected()
    {
        var error = (SocketError)(int)Socket!.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
        if (error != SocketError.Success)
        {
            NotOpened(error);
            return false;
        }
        if (!Socket.Poll(0, SelectMode.SelectWrite)) return false; // a readiness may tell too early
        _isConnecting = false;
        Driver.ConnectionOpened();
        (_challenge, _challenged) = (Driver.Parts.Key is null ? null : new byte[Challenge.Bytes], 0);
        if (_challenge is null) Admitted();
        return Socket is not null;
    }

    private void Admitted()
    {
        _pause = s_pauseMin;
        Opened();
    }

    /// <summary>Takes what has come of the challenge; answers when it is whole. Whether the answer was right what comes next
    /// tells.</summary>
    private void BeChallenged(ReadOnlySpan<byte> bytes)
    {
        var taken = Math.Min(bytes.Length, _challenge!.Length - _challenged);
        bytes[..taken].CopyTo(_challenge.AsSpan(_challenged));
        _challenged += taken;
        if (_challenged < _challenge.Length) return;
        var answer = Driver.Parts.Key!.Answer(_challenge);
        _challenge = null;
        if (Send(answer) != answer.Length)
        {
            Ended(SocketError.ConnectionReset); // a new connection takes so few bytes, or none
            return;
        }
        Admitted();
        if (taken < bytes.Length && IsOpen) Heard(bytes[taken..]);
    }

    private void NotOpened(SocketError error)
    {
        Socket?.Dispose();
        (Socket, _isConnecting, IsEnding) = (null, false, false);
        Driver.NotConnected(error);
        OpenLater();
    }

    private void Read()
    {
        while (Socket is not null)
        {
            var count = Socket.Receive(Driver.Incoming, SocketFlags.None, out var error);
            if (error == SocketError.WouldBlock) return;
            if (error != SocketError.Success || count == 0)
            {
                Ended(error == SocketError.Success ? null : error);
                return;
            }
            if (_challenge is null) Heard(Driver.Incoming.AsSpan(0, count));
            else BeChallenged(Driver.Incoming.AsSpan(0, count));
            // What comes behind is told anew; asking whether there is more would double the calls of a small file.
            if (count < Driver.Incoming.Length && !IsEnding) return;
        }
    }
}
