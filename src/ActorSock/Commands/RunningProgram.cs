using System.ComponentModel;
using System.Diagnostics;
using ActorSock.Access;
using ActorSock.Settings;

namespace ActorSock.Commands;

/// <summary>Holds one program that runs, and ends it with all that it has started.</summary>
internal sealed class RunningProgram : IDisposable
{
    private const int EACCES = 13;

    private readonly Process _process;
    private bool _swept, _disposed;

    private RunningProgram(Process process)
    {
        _process = process;
        Ended = process.WaitForExitAsync();
    }

    /// <summary>Its process id; on Linux also that of its group and session.</summary>
    public int Id => _process.Id;

    /// <summary>Ends when the program does; what it has started may go on.</summary>
    public Task Ended { get; }

    public Stream Output => _process.StandardOutput.BaseStream;

    public Stream Error => _process.StandardError.BaseStream;

    /// <summary>The exit status of a program that has ended; 128 and the signal for one that died of a signal.</summary>
    public int Status => _process.ExitCode;

    /// <summary>Starts a program; it has nothing to read, and of the node's environment nothing.</summary>
    /// <exception cref="IOException">It cannot be started.</exception>
    public static RunningProgram Start(RunOrder order)
    {
        var start = new ProcessStartInfo
        {
            WorkingDirectory = Path.GetFullPath(order.Settings.Folder),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        Name(start, order);
        Environ(start, order);
        try
        {
            var process = Process.Start(start) ?? throw new IOException("the system started nothing");
            process.StandardInput.Close();
            return new RunningProgram(process);
        }
        catch (Win32Exception cannot)
        {
            // The system's words: the exception's own repeat paths that are none of the client's business.
            throw new IOException($"{new Win32Exception(cannot.NativeErrorCode).Message}{WhatToDo(cannot, order)}", cannot);
        }
    }

    // Programs that may not be executed are started by setsid(1), and tell by an exit status; so it is the folder.
    private static string WhatToDo(Win32Exception cannot, RunOrder order) => cannot.NativeErrorCode == EACCES
        ? $": {(order.Settings.User is { } user ? $"user '{user}'" : "the node's user")} cannot enter the command's folder: " +
          $"set folder or user of actorsock.commands.allowed.{order.Command}"
        : "";

    private static void Name(ProcessStartInfo start, RunOrder order)
    {
        // A session of its own, so that nothing that it starts can get lost; and no terminal.
        if (OperatingSystem.IsLinux() && Session.Starter.Count == 0)
            throw new IOException("this node has no setsid, of util-linux, which keeps programs together");
        string[] words = [.. Session.Starter, order.Settings.Program, .. order.Arguments];
        start.FileName = words[0];
        foreach (var word in words.Skip(1))
            start.ArgumentList.Add(word);
    }

    private static void Environ(ProcessStartInfo start, RunOrder order)
    {
        if (!OperatingSystem.IsWindows())
            start.Environment.Clear(); // there, nothing starts without what the system puts into it
        foreach (var each in order.Settings.Environment)
        {
            var equals = each.IndexOf('=', StringComparison.Ordinal);
            start.Environment[each[..equals]] = each[(equals + 1)..];
        }
        if (UserOf(order.Settings) is not { } user)
            return;
        start.Environment.TryAdd("HOME", user.Home);
        start.Environment.TryAdd("USER", user.Name);
        start.Environment.TryAdd("LOGNAME", user.Name);
        if (!user.IsOurs)
            start.UserName = user.Name;
    }

    /// <summary>Who it runs as; null for who the node runs as, where the system has no name for that.</summary>
    /// <exception cref="IOException">The user of the settings is gone: nobody else runs the program in that user's place.</exception>
    private static SystemUser? UserOf(CommandSettings settings) => settings.User is { } name
        ? SystemUser.Find(name) ?? throw new IOException($"there is no user '{name}'")
        : SystemUser.Ours;

    /// <summary>Kills it and all that it has started, also when it has ended itself.</summary>
    public void Kill()
    {
        if (_swept)
            return; // its id may be somebody else's by now
        _swept = _process.HasExited;
        if (OperatingSystem.IsLinux())
            Session.Kill(Id, isOver: _swept);
        else if (!_swept)
            _process.Kill(entireProcessTree: true);
    }

    /// <summary>Kills what is left of it, and closes what it has written to.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        Kill();
        _process.StandardOutput.Dispose();
        _process.StandardError.Dispose();
        _process.Dispose();
    }
}
