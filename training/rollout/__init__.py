"""How experience is gathered in simulation: lanes of one task, waves of whole episodes, evaluation, demonstrations."""
