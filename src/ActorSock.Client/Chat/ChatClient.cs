using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using ActorSock.Wire;
using ActorSock.Wire.Text;

namespace ActorSock.Client.Chat;

/// <summary>Talks on a node under a name, as CHAT.md says.</summary>
/// <remarks>
/// What is lost on the way is repeated, and what comes twice dropped; a node that was restarted, or a connection that broke, is joined
/// again. Several callers may use it at once.
/// </remarks>
public sealed class ChatClient : IAsyncDisposable
{
    private const string NoAnswer = "it does not answer";
    private const string Uncertain = "the node was lost before it answered: it may have arrived or not";

    private static readonly TimeSpan s_repeatMax = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_returnMin = TimeSpan.FromMilliseconds(250), s_returnMax = TimeSpan.FromSeconds(5);

    private readonly ChatOptions _options;
    private readonly ChatLink _link;
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<long, Question> _questions = [];
    private readonly Channel<ChatNews> _news;
    private readonly Lock _lock = new();
    private TaskCompletionSource _here = NewSignal(), _open = NewSignal();
    private long _id;
    private long? _joined;
    private long _last;
    private bool _isJoining = true, _isLost, _isLeaving;
    private TimeSpan _silence = TimeSpan.FromSeconds(60);
    private long _saidAt;
    private string _trouble = NoAnswer;
    private Task _listening = Task.CompletedTask, _pinging = Task.CompletedTask, _returning = Task.CompletedTask;

    private ChatClient(ChatLink link, string name, ChatOptions options)
    {
        (_link, Name, _options) = (link, name, options);
        // Not one that this port may have had before.
        _id = options.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        _news = Channel.CreateBounded<ChatNews>(options.NewsMax);
    }

    /// <summary>What somebody asks, until it is answered.</summary>
    private sealed class Question(ChatRequest request)
    {
        public ChatRequest Request => request;

        /// <summary>Null when there will be none.</summary>
        public TaskCompletionSource<ChatNotice?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>How often it was sent.</summary>
        public int Copies { get; set; }

        /// <summary>The node has said that it is at it.</summary>
        public volatile bool IsPending;
    }

    /// <summary>The name, as the node writes it.</summary>
    public string Name { get; private set; }

    /// <summary>Texts and news, in the order in which they came. It ends when this client does.</summary>
    public ChannelReader<ChatNews> News => _news.Reader;

    /// <summary>Joins the chat of a node.</summary>
    /// <param name="address"><c>HOST:PORT</c>, <c>[v6]:PORT</c> or <c>unix:/path</c></param>
    /// <param name="name">the name, see CHAT.md</param>
    /// <param name="options">how, and how patient to be; null for the defaults</param>
    /// <param name="cancel">gives up</param>
    /// <exception cref="FormatException"><paramref name="address"/> is none.</exception>
    /// <exception cref="SocketException">The node cannot be found or reached.</exception>
    /// <exception cref="TimeoutException">The node does not answer.</exception>
    /// <exception cref="KeyRefusedException">The node sent no challenge, though there is a key.</exception>
    /// <exception cref="ChatRefusedException">It does not let this name in.</exception>
    public static async Task<ChatClient> JoinAsync(string address, string name, ChatOptions? options = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        options ??= new ChatOptions();
        var server = ServerAddress.Parse(address);
        ChatLink link = options.OverTcp || server is UnixDomainSocketEndPoint ? new ChatLink.Lines(address, options.Key) : new ChatLink.Datagrams(address);
        var client = new ChatClient(link, name, options);
        try
        {
            await link.OpenAsync(cancel);
            client._open.SetResult();
            client._listening = Task.Run(client.ListenAsync, CancellationToken.None);
            switch (await client.AskAsync(new ChatRequest.Join(name, Acks: true), options.JoinPatience, cancel))
            {
                case null:
                    throw new TimeoutException(client._trouble);
                case ChatNotice.Refused refused:
                    throw new ChatRefusedException(refused.Code, refused.Reason);
            }
            client._pinging = Task.Run(client.PingAsync, CancellationToken.None);
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    /// <summary>Says something to a member, or to <see cref="ChatRequest.Everybody"/>.</summary>
    /// <returns>What became of it: <see cref="ChatNotice.Delivered"/>, <see cref="ChatNotice.DeliveredToAll"/>,
    /// <see cref="ChatNotice.Undelivered"/>, <see cref="ChatNotice.Unknown"/> or <see cref="ChatNotice.Refused"/>.</returns>
    public Task<ChatNotice> SayAsync(string to, string text, CancellationToken cancel = default) =>
        InsistAsync(new ChatRequest.Say(to, text), why => new ChatNotice.Undelivered(to, why), cancel);

    /// <summary>Everybody who is here, in the order of names.</summary>
    /// <exception cref="TimeoutException">The node does not answer.</exception>
    public async Task<IReadOnlyList<string>> WhoAsync(CancellationToken cancel = default)
    {
        List<string> names = [];
        while (true)
        {
            var answer = await InsistAsync(new ChatRequest.Who(names.LastOrDefault()), why => throw new TimeoutException(why), cancel);
            if (answer is not ChatNotice.Here here)
                throw new TimeoutException(ChatGrammar.Write(answer));
            names.AddRange(here.Names);
            if (here.More == 0 || here.Names.Count == 0)
                return names;
        }
    }

    /// <summary>Leaves the chat, so that the name is free at once.</summary>
    /// <returns>Whether the node has confirmed it.</returns>
    public async Task<bool> LeaveAsync(CancellationToken cancel = default)
    {
        lock (_lock)
            _isLeaving = true;
        return await AskAsync(new ChatRequest.Leave(), _options.JoinPatience, cancel) is ChatNotice.Left;
    }

    /// <summary>Ends without a word; the node notices by and by.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_end.IsCancellationRequested)
            return;
        await _end.CancelAsync();
        _link.Dispose();
        await Task.WhenAll(_listening, _pinging, _returning);
        _news.Writer.TryComplete();
        foreach (var question in _questions.Values)
            question.Answer.TrySetCanceled();
        _end.Dispose();
    }

    // ---- asking

    /// <summary>Asks until there is an answer: again after a join where the node has forgotten this client, later when it was too fast.</summary>
    private async Task<ChatNotice> InsistAsync(ChatRequest request, Func<string, ChatNotice> failed, CancellationToken cancel)
    {
        var since = _options.Clock.GetTimestamp();
        while (true)
        {
            try
            {
                await HereAsync().WaitAsync(_options.Patience, _options.Clock, cancel);
            }
            catch (TimeoutException)
            {
                return failed($"not in the chat: {_trouble}");
            }
            var question = new Question(request);
            switch (await AskAsync(question, _options.Patience, cancel))
            {
                case null:
                    Lose(_trouble);
                    return failed(_trouble);
                case ChatNotice.Refused { Code: 401 }:
                    Lose("the node has forgotten this name");
                    // What was refused is the last copy; one before it may have been done by a node that knew the name.
                    if (question.Copies > 1 && request is ChatRequest.Say)
                        return failed(Uncertain);
                    break;
                case ChatNotice.Refused { Code: 429 } when _options.Clock.GetElapsedTime(since) < _options.Patience:
                    await Task.Delay(TimeSpan.FromSeconds(1), _options.Clock, cancel);
                    break;
                case var answer:
                    return answer;
            }
        }
    }

    /// <summary>Asks, and asks again where lines get lost. Null when nothing comes back.</summary>
    private Task<ChatNotice?> AskAsync(ChatRequest request, TimeSpan patience, CancellationToken cancel) =>
        AskAsync(new Question(request), patience, cancel);

    private async Task<ChatNotice?> AskAsync(Question question, TimeSpan patience, CancellationToken cancel)
    {
        var id = Interlocked.Increment(ref _id);
        var line = ChatGrammar.Write(question.Request with { Id = id });
        _questions[id] = question;
        try
        {
            var wait = _options.RepeatAfter;
            for (var since = _options.Clock.GetTimestamp(); ;)
            {
                question.Copies++;
                if (!await TrySendAsync(line, cancel) && !_link.MayLose)
                    return null;
                var left = patience - _options.Clock.GetElapsedTime(since);
                if (left <= TimeSpan.Zero)
                    return null;
                var now = _link.MayLose && wait < left ? wait : left;
                try
                {
                    return await question.Answer.Task.WaitAsync(now, _options.Clock, cancel);
                }
                catch (TimeoutException)
                {
                    if (question.IsPending)
                        since = _options.Clock.GetTimestamp(); // it answers, only not yet
                    question.IsPending = false;
                    if (!_link.MayLose)
                        return null;
                    wait = Min(wait * 2, s_repeatMax);
                }
            }
        }
        finally
        {
            _questions.TryRemove(id, out _);
        }
    }

    private async Task<bool> TrySendAsync(string line, CancellationToken cancel)
    {
        try
        {
            Volatile.Write(ref _saidAt, _options.Clock.GetTimestamp());
            await _link.SendAsync(line, cancel);
            return true;
        }
        catch (SocketException e)
        {
            _trouble = e.Message;
            return false;
        }
        catch (ObjectDisposedException)
        {
            return false; // between two connections
        }
    }

    private Task HereAsync()
    {
        lock (_lock)
            return _here.Task;
    }

    private Task OpenAsync()
    {
        lock (_lock)
            return _open.Task;
    }

    // ---- listening

    private async Task ListenAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                if (await _link.ReceiveAsync(_end.Token) is { } line)
                    await HearAsync(line);
                else
                    await ReopenAsync("the node has closed the connection");
            }
            catch (SocketException e) when (_link.MayLose)
            {
                // What a datagram is answered with where nobody listens: to the one who asks it is as if it were lost.
                _trouble = e.Message;
            }
            catch (SocketException e)
            {
                await ReopenAsync(e.Message);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task HearAsync(byte[] line)
    {
        if (!ChatGrammar.TryReadNotice(line, out var notice))
        {
            if (!_link.MayLose && !HereAsync().IsCompleted)
                _trouble = Escaping.Printable(line, 500); // what a node says that takes no more connections
            return;
        }
        if (notice is ChatNotice.From text)
            await TakeAsync(text);
        else if (notice.Id is { } id)
            Answered(id, notice);
        else if (notice is ChatNotice.Left left && left.Name == Name)
            Lose(left.Why ?? "the node has let it go");
        else if (NewsOf(notice) is { } news)
            await TellAsync(news);
    }

    /// <summary>Acknowledges a text and hands it on, once.</summary>
    private async Task TakeAsync(ChatNotice.From text)
    {
        var news = new ChatNews.Text(text.Name, text.Text, text.ToAll);
        if (text.Number is not { } number)
        {
            await TellAsync(news);
            return;
        }
        lock (_lock)
        {
            // It comes again; until the answer to the join it is not known what the number means, and without room it is better kept there.
            if (_isJoining || (number > _last && !_news.Writer.TryWrite(news)))
                return;
            _last = Math.Max(_last, number);
        }
        await TrySendAsync(ChatGrammar.Write(new ChatRequest.Got(number)), _end.Token);
    }

    private void Answered(long id, ChatNotice notice)
    {
        if (!_questions.TryGetValue(id, out var question))
            return;
        if (notice is ChatNotice.Pending)
        {
            question.IsPending = true;
            return;
        }
        if (notice is ChatNotice.Joined joined && question.Request is ChatRequest.Join)
            Enter(joined, question);
        question.Answer.TrySetResult(notice);
    }

    private void Enter(ChatNotice.Joined joined, Question asked)
    {
        var wasLost = false;
        lock (_lock)
        {
            if (joined.Acks != _joined || joined.Acks is null)
            {
                (_joined, _last) = (joined.Acks, joined.Acks ?? 0);
                // The node does not know any more what it was asked before this.
                foreach (var question in _questions.Values.Where(each => each != asked && each.Request is ChatRequest.Say))
                {
                    question.Answer.TrySetResult(new ChatNotice.Undelivered(
                        ((ChatRequest.Say)question.Request).To, Uncertain));
                }
            }
            (Name, _silence, _isJoining) = (joined.Name, joined.Silence, false);
            (wasLost, _isLost) = (_isLost, false);
            _here.TrySetResult();
        }
        if (wasLost)
            _news.Writer.TryWrite(new ChatNews.Back());
    }

    private static ChatNews? NewsOf(ChatNotice notice) => notice switch
    {
        ChatNotice.Came came => new ChatNews.Came(came.Name),
        ChatNotice.Left left => new ChatNews.Left(left.Name, left.Why),
        ChatNotice.Renamed renamed => new ChatNews.Renamed(renamed.Name, renamed.Now),
        _ => null,
    };

    /// <summary>A connection waits for the caller to take what came; of datagrams news are dropped, as they may be on their way.</summary>
    private async Task TellAsync(ChatNews news)
    {
        if (_link.MayLose)
            _news.Writer.TryWrite(news);
        else
            await _news.Writer.WriteAsync(news, _end.Token);
    }

    // ---- coming back

    private async Task PingAsync()
    {
        try
        {
            while (true)
            {
                var interval = Min(_silence / 3, TimeSpan.FromMinutes(10));
                await Task.Delay(interval, _options.Clock, _end.Token);
                if (!HereAsync().IsCompleted || _options.Clock.GetElapsedTime(Volatile.Read(ref _saidAt)) < interval / 2)
                    continue;
                switch (await AskAsync(new ChatRequest.Ping(), _options.Patience, _end.Token))
                {
                    case null:
                        Lose(_trouble);
                        break;
                    case ChatNotice.Refused { Code: 401 }:
                        Lose("the node has forgotten this name");
                        break;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    /// <summary>Joins again, unless that is being done.</summary>
    private void Lose(string why)
    {
        if (TryBeLost(why))
            Return();
    }

    private bool TryBeLost(string why)
    {
        lock (_lock)
        {
            if (_isLost || _isLeaving || !_here.Task.IsCompleted || _end.IsCancellationRequested)
                return false;
            (_isLost, _isJoining) = (true, true);
            _here = NewSignal();
        }
        _news.Writer.TryWrite(new ChatNews.Lost(why));
        return true;
    }

    private void Return()
    {
        lock (_lock)
        {
            if (!_end.IsCancellationRequested)
                _returning = Task.Run(ReturnAsync, CancellationToken.None);
        }
    }

    /// <summary>Joins until it is let in.</summary>
    private async Task ReturnAsync()
    {
        try
        {
            for (var wait = s_returnMin; ; wait = Min(wait * 2, s_returnMax))
            {
                await OpenAsync().WaitAsync(_end.Token);
                switch (await AskAsync(new ChatRequest.Join(Name, Acks: true), _options.JoinPatience, _end.Token))
                {
                    case ChatNotice.Joined:
                        return;
                    case ChatNotice.Refused refused:
                        _trouble = refused.Reason;
                        break;
                }
                await Task.Delay(wait, _options.Clock, _end.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    /// <summary>Connects again, however long it takes.</summary>
    private async Task ReopenAsync(string why)
    {
        var isFirst = !HereAsync().IsCompleted;
        if (!isFirst || _trouble == NoAnswer)
            _trouble = why;
        var isLost = TryBeLost(why);
        lock (_lock)
            _open = NewSignal();
        foreach (var question in _questions.Values)
        {
            question.Answer.TrySetResult(question.Request switch
            {
                ChatRequest.Say say => new ChatNotice.Undelivered(say.To, Uncertain),
                ChatRequest.Leave => new ChatNotice.Left(Name, why),
                _ => null,
            });
        }
        for (var wait = s_returnMin; ; wait = Min(wait * 2, s_returnMax))
        {
            await Task.Delay(wait, _options.Clock, _end.Token);
            try
            {
                await _link.OpenAsync(_end.Token);
                break;
            }
            catch (Exception e) when (e is SocketException or KeyRefusedException)
            {
                _trouble = e.Message;
            }
        }
        lock (_lock)
            _open.SetResult();
        if (isLost)
            Return();
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
