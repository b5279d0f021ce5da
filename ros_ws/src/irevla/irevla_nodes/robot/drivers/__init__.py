"""How a real arm is reached: one driver a backend, behind `driver.ArmDriver`."""
