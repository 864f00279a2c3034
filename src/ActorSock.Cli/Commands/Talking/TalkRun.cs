using ActorSock.Cli.Terminal;
using ActorSock.Client.Chat;

namespace ActorSock.Cli.Commands.Talking;

/// <summary>Says what is typed and shows what is said, until the input ends.</summary>
internal sealed class TalkRun(ChatClient client, Dialogue dialogue, TalkReport report)
{
    private static readonly TimeSpan s_leavePatience = TimeSpan.FromSeconds(2);

    private bool _hasFailed;

    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(CancellationToken cancel)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        dialogue.Prompt = $"{client.Name}> ";
        var showing = ShowAsync(ending.Token);
        var speaking = SpeakAsync(ending.Token);
        var first = await Task.WhenAny(showing, speaking);
        try
        {
            await first;
        }
        finally
        {
            await LeaveAsync();
            await ending.CancelAsync();
        }
        cancel.ThrowIfCancellationRequested();
        return _hasFailed && !dialogue.IsOnTerminal ? ExitCode.Failed : ExitCode.Done;
    }

    /// <summary>What came before the end of the input is shown.</summary>
    private async Task LeaveAsync()
    {
        using var patience = new CancellationTokenSource(s_leavePatience);
        try
        {
            await client.LeaveAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            // The node notices by the silence.
        }
        while (client.News.TryRead(out var news) && !dialogue.IsClosed)
            report.Tell(news);
    }

    private async Task ShowAsync(CancellationToken cancel)
    {
        while (!dialogue.IsClosed && await client.News.WaitToReadAsync(cancel))
        {
            while (client.News.TryRead(out var news))
            {
                report.Tell(news);
                if (news is ChatNews.Lost or ChatNews.Back)
                    dialogue.Prompt = news is ChatNews.Lost ? $"{client.Name} (lost)> " : $"{client.Name}> ";
            }
        }
    }

    private async Task SpeakAsync(CancellationToken cancel)
    {
        while (await dialogue.ReadLineAsync(cancel) is { } line)
        {
            var meant = TalkLine.Of(line);
            if (meant is TalkLine.Leave)
                return;
            var doing = ObeyAsync(meant, cancel);
            // A person types on while an answer is on its way; a program wants one after the other.
            if (!dialogue.IsOnTerminal)
                await doing;
        }
    }

    private async Task ObeyAsync(TalkLine line, CancellationToken cancel)
    {
        switch (line)
        {
            case TalkLine.Say(var to, var text):
                _hasFailed |= !report.Tell(await client.SayAsync(to, text, cancel));
                break;
            case TalkLine.Who:
                await TellWhoAsync(cancel);
                break;
            case TalkLine.Help:
                dialogue.Remark(TalkLine.Usage);
                break;
            case TalkLine.Wrong(var why):
                _hasFailed = true;
                report.Remark(why);
                break;
        }
    }

    private async Task TellWhoAsync(CancellationToken cancel)
    {
        try
        {
            report.TellWho(await client.WhoAsync(cancel));
        }
        catch (TimeoutException nothing)
        {
            _hasFailed = true;
            report.Remark($"it cannot be told who is here: {nothing.Message}");
        }
    }
}
