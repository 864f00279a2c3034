namespace ActorSock.Cli.Terminal;

/// <summary>Keys of a person, as they are pressed.</summary>
internal interface IKeyboard : IDisposable
{
    /// <summary>Waits for keys and adds them.</summary>
    /// <returns>Whether there may be more; false when the keyboard is gone.</returns>
    bool Read(List<KeyPress> keys);

    /// <summary>Does what Ctrl-C does to every program: the process is sent its signal.</summary>
    void Interrupt();

    /// <summary>Stops the process as Ctrl-Z does; returns when it goes on.</summary>
    void Suspend();

    /// <summary>The terminal has another size, or was somebody else's meanwhile.</summary>
    event Action? Changed;
}
