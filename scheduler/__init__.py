"""When things happen by themselves: one clock, one short function a job."""
