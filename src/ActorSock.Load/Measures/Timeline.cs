namespace ActorSock.Load.Measures;

/// <summary>Keeps what happened over time in a bounded number of rows: when they are too many, two become one.</summary>
internal sealed class Timeline(int rowsMax = 600)
{
    private readonly List<TimelineRow> _rows = [];
    private int _samplesPerRow = 1;

    /// <summary>The rows, in the order of time; all but the last stand for equally many samples, and short rests.</summary>
    public IReadOnlyList<TimelineRow> Rows => _rows;

    /// <summary>Takes a sample; it is copied.</summary>
    /// <param name="begin">Since the beginning of the run.</param>
    /// <param name="end">Since the beginning of the run.</param>
    /// <param name="happened">What happened in between.</param>
    /// <param name="connections">How many were open at the end of it.</param>
    public void Add(TimeSpan begin, TimeSpan end, Interval happened, int connections)
    {
        if (_rows.Count > 0 && (_rows[^1].Samples < _samplesPerRow || IsRest(end - begin)))
        {
            _rows[^1].Add(end, happened, connections);
            return;
        }
        if (_rows.Count == rowsMax) Halve();
        var row = new TimelineRow(begin);
        row.Add(end, happened, connections);
        _rows.Add(row);
    }

    // What is left at the end of a phase is too short for a rate: ten files in a millisecond are not 10,000 a second.
    private bool IsRest(TimeSpan sample) => 2 * _rows[^1].Samples * sample < _rows[^1].End - _rows[^1].Begin;

    private void Halve()
    {
        for (var i = 0; i + 1 < _rows.Count; i += 2)
        {
            _rows[i].Add(_rows[i + 1]);
            _rows[i / 2] = _rows[i];
        }
        if (_rows.Count % 2 == 1) _rows[_rows.Count / 2] = _rows[^1];
        _rows.RemoveRange((_rows.Count + 1) / 2, _rows.Count / 2);
        _samplesPerRow *= 2;
    }
}
