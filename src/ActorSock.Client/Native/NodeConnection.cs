using System.Collections.Concurrent;
using System.Net.Sockets;
using ActorSock.Wire.Native;

namespace ActorSock.Client.Native;

/// <summary>One connection to a node: requests go out as they come, and answers find their request by its number.</summary>
internal sealed class NodeConnection : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly NodeOptions _options;
    private readonly IncomingFrames _incoming;
    private readonly OutgoingFrames _outgoing;
    private readonly CancellationTokenSource _closed = new();
    private readonly ConcurrentDictionary<long, Exchange> _open = new();
    private readonly Lock _gate = new();
    private SemaphoreSlim _room = new(1);
    private Task _reading = Task.CompletedTask;
    private Exception? _end;
    private long _lastId = -1;

    private NodeConnection(Socket socket, NodeOptions options)
    {
        _socket = socket;
        _options = options;
        _incoming = new IncomingFrames(socket);
        _outgoing = new OutgoingFrames(socket, End);
    }

    /// <summary>What the node said when it was greeted.</summary>
    public NativeReply Greeting { get; private set; } = null!;

    public NativeLimits Limits => Greeting.Limits!;

    /// <summary>Whether the node can do this beyond the least.</summary>
    public bool Can(string capability) => Greeting.Capabilities?.Contains(capability) ?? false;

    /// <summary>Whether requests can be made, as far as is known here.</summary>
    public bool IsOpen => Volatile.Read(ref _end) is null;

    /// <summary>Connects and says hello.</summary>
    /// <exception cref="FormatException">The address is none.</exception>
    /// <exception cref="NodeLostException">The node cannot be reached, or did not answer.</exception>
    /// <exception cref="NodeRefusedException">It does not want to talk.</exception>
    /// <exception cref="KeyRefusedException">It wants no key.</exception>
    public static async Task<NodeConnection> ConnectAsync(string address, NodeOptions options, CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(options.ConnectLimit, options.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        NodeConnection? connection = null;
        try
        {
            connection = new NodeConnection(await ServerSocket.ConnectAsync(address, options.Key, either.Token), options);
            await connection.GreetAsync(either.Token);
            return connection;
        }
        catch (Exception ended)
        {
            if (connection is not null) await connection.DisposeAsync();
            var failed = ended is OperationCanceledException && connection is not null && !cancel.IsCancellationRequested
                ? new NodeLostException($"there was no answer to hello within {options.ConnectLimit.TotalSeconds:0.###} s", ended)
                : ended;
            var why = failed switch
            {
                SocketException or NodeLostException => failed.Message,
                OperationCanceledException when !cancel.IsCancellationRequested => $"no answer within {options.ConnectLimit.TotalSeconds:0.###} s",
                _ => null,
            };
            if (why is null) throw;
            throw new NodeLostException($"cannot connect to {address}: {why}", failed)
            {
                WasUnheard = true,
                AsksForKey = failed is NodeLostException { AsksForKey: true },
            };
        }
    }

    /// <summary>Asks for something, with a body that is in memory.</summary>
    /// <exception cref="NodeLostException">The connection is lost.</exception>
    public async Task<Exchange> AskAsync(NativeRequest request, ReadOnlyMemory<byte> body, CancellationToken cancel)
    {
        var (exchange, header) = await OpenAsync(request, cancel);
        _outgoing.Post(header, body.Span);
        return exchange;
    }

    /// <summary>Sends a request with a body that is read meanwhile.</summary>
    /// <param name="request">The header.</param>
    /// <param name="send">Sends the body, and the trailer where one is due. When it throws, or gives false because it
    /// stopped in the middle, the connection is closed.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<Exchange> StreamAsync(
        NativeRequest request, Func<Exchange, OutgoingFrames, Task<bool>> send, CancellationToken cancel)
    {
        var (exchange, header) = await OpenAsync(request, cancel);
        var isWhole = false;
        try
        {
            await _outgoing.EnterAsync(cancel);
            try
            {
                await _outgoing.SendAsync(header, cancel);
                isWhole = await send(exchange, _outgoing);
            }
            catch (NodeLostException)
            {
                // What the node said before it closed is a better reason: it is heard, or the end of the connection is.
                await ((Task)exchange.Last.WaitAsync(_options.ConnectLimit, _options.Clock, cancel))
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (!exchange.Last.IsCompleted) throw;
            }
            finally
            {
                _outgoing.Leave();
            }
        }
        catch
        {
            exchange.Abandon();
            throw;
        }
        finally
        {
            if (!isWhole) End(new NodeLostException("a body was not sent to its end"));
        }
        return exchange;
    }

    /// <summary>Waits for an early word about an upload; null when the last came first. Of what goes wrong the last word
    /// tells.</summary>
    public async Task<NativeReply?> EarlyAsync(Exchange exchange, CancellationToken cancel)
    {
        try
        {
            return await exchange.Early.WaitAsync(_options.ReplyLimit, _options.Clock, cancel);
        }
        catch (TimeoutException)
        {
            return null;
        }
        catch (OperationCanceledException)
        {
            exchange.Abandon();
            throw;
        }
    }

    /// <summary>Waits for the last word about a request.</summary>
    /// <param name="exchange">Which request.</param>
    /// <param name="limit">How long; null for <see cref="NodeOptions.ReplyLimit"/>.</param>
    /// <param name="cancel">Waits no longer.</param>
    /// <exception cref="NodeRefusedException">The node refused it.</exception>
    /// <exception cref="NodeLostException">The connection was lost, or the node said nothing for too long.</exception>
    public async Task<Answer> AnswerAsync(Exchange exchange, TimeSpan? limit, CancellationToken cancel)
    {
        var patience = limit ?? _options.ReplyLimit;
        if (await AnswerWithinAsync(exchange, patience, cancel) is { } answer) return answer;
        var lost = new NodeLostException($"the node did not answer within {patience}");
        exchange.Abandon();
        End(lost);
        throw lost;
    }

    /// <summary>The same, but ends nothing.</summary>
    /// <returns>Null when it has not come within the limit, and may come yet.</returns>
    public async Task<Answer?> AnswerWithinAsync(Exchange exchange, TimeSpan limit, CancellationToken cancel)
    {
        Answer answer;
        try
        {
            answer = await exchange.Last.WaitAsync(limit, _options.Clock, cancel);
        }
        catch (TimeoutException)
        {
            return null;
        }
        catch (OperationCanceledException)
        {
            exchange.Abandon();
            throw;
        }
        if (!answer.Reply.IsRefusal) return answer;
        if (answer.Body is not null) await answer.Body.DisposeAsync();
        throw new NodeRefusedException(answer.Reply);
    }

    /// <summary>Asks for something that has no body and waits for the answer.</summary>
    public async Task<Answer> AskAsync(NativeRequest request, CancellationToken cancel) =>
        await AnswerAsync(await AskAsync(request, default, cancel), null, cancel);

    /// <summary>Closes the connection; what is unanswered fails.</summary>
    public async ValueTask DisposeAsync()
    {
        End(new NodeLostException("the connection was closed here"));
        await _reading;
        await _outgoing.DisposeAsync();
        _socket.Dispose();
    }

    private async Task GreetAsync(CancellationToken cancel)
    {
        var hello = new NativeRequest.Hello([NativeHello.Version]) { Agent = _options.Agent };
        await _outgoing.SendAsync(NativeEncoder.Encode(hello), cancel);
        var reply = await _incoming.NextAsync(cancel)
            ?? throw new NodeLostException(_options.Key is null
                ? "the node closed before it had answered hello: does it ask for a key?"
                : "the node closed before it had answered hello: does it know the key?");
        if (reply.IsRefusal) throw new NodeRefusedException(reply);
        if (reply is not { Version: NativeHello.Version, Limits.Requests: > 0 })
            throw new NodeLostException("this is no answer to hello");
        Greeting = reply;
        _room = new SemaphoreSlim(reply.Limits.Requests);
        _reading = ReadAsync();
    }

    private async Task<(Exchange Exchange, byte[] Header)> OpenAsync(NativeRequest request, CancellationToken cancel)
    {
        var exchange = new Exchange(Interlocked.Increment(ref _lastId));
        var header = NativeEncoder.Encode(request with { Id = exchange.Id });
        await _room.WaitAsync(cancel);
        lock (_gate)
        {
            if (_end is null) _open[exchange.Id] = exchange;
        }
        if (_end is null) return (exchange, header);
        _room.Release();
        throw new NodeLostException($"the connection has ended: {_end.Message}", _end) { WasUnheard = true };
    }

    private async Task ReadAsync()
    {
        try
        {
            while (await _incoming.NextAsync(_closed.Token) is { } reply) await DeliverAsync(reply);
            End(new NodeLostException("the node closed the connection"));
        }
        catch (OperationCanceledException)
        {
            // Only End cancels.
        }
        catch (NodeRefusedException why)
        {
            // It is about the connection, and says nothing of what becomes of the requests.
            End(new NodeRefusedException(why.Reply) { LeavesUnsaid = true });
        }
        catch (IOException why)
        {
            End(why);
        }
    }

    private async Task DeliverAsync(NativeReply reply)
    {
        if (reply.Id is not { } id)
            throw reply.IsRefusal ? new NodeRefusedException(reply) : new NodeLostException("the node answers, but not what");
        if (!_open.TryGetValue(id, out var exchange))
            throw new NodeLostException($"the node answers {id}, which was not asked");
        if (reply.Body.IsChunked) throw new NodeLostException("the node sends a body in chunks, which was not asked for");
        if (reply.Status == NativeReply.Early)
        {
            exchange.TellEarly(reply);
            return;
        }
        _open.TryRemove(id, out _);
        _room.Release();
        var body = reply.Body == FrameBody.None
            ? null
            : new ReplyBody(_incoming, reply.Body.Bytes!.Value, _options, End, _closed.Token);
        exchange.Tell(new Answer(reply, body));
        if (body is not null) await body.Finished;
        if (reply.Closes) throw new NodeLostException($"the node closed the connection behind the answer {reply.Status} to another request");
    }

    private void End(Exception why)
    {
        lock (_gate)
        {
            if (_end is not null) return;
            _end = why;
        }
        _closed.Cancel();
        // A peer that still sends hears of it; one that is gone does not mind.
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // It was not connected any more.
        }
        foreach (var (id, exchange) in _open)
            if (_open.TryRemove(id, out _))
            {
                exchange.Fail(why);
                _room.Release();
            }
    }
}
