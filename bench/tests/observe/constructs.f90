! As constructs.c: locks, critical sections and workshare of Fortran, with what
! the observer should tell.
! usage: constructs NAME BEFORE     (lock, critical, workshare)
program constructs
  use omp_lib
  implicit none
  integer, parameter :: calls = 20
  double precision :: fork, join, let_go
  double precision :: first(0:7), last(0:7), waited(0:7), inside(0:7)
  double precision :: start, late, rest, wall, locks, critical
  integer(omp_lock_kind) :: one
  integer :: call, team, a(100)
  character(64) :: name
  character(512) :: before, folder

  call get_command_argument(1, name)
  call get_command_argument(2, before)
  call get_environment_variable("CORESWEEP_OBSERVE", folder)
  call omp_init_lock(one)
  let_go = 0
  call forget
  do call = 0, calls
    call spin(1d-4)
    waited = 0
    inside = 0
    fork = omp_get_wtime()
    select case (name)
    case ("lock")
      call with_lock
    case ("critical")
      call with_critical
    case ("workshare")
      call with_workshare
    case default
      stop 2
    end select
    join = omp_get_wtime()
    call add
    if (call == 0) then
      call execute_command_line("cp " // trim(folder) // "/* " // trim(before))
      call forget
    end if
  end do
  call say("events", dble(calls * team * 8) * 1d-9)
  call say("core", wall * team)
  call say("start", start)
  call say("late", late)
  call say("join", rest)
  if (name /= "workshare") then
    call say("lock", locks)
    call say("critical", critical)
  end if

contains

  subroutine say(term, s)
    character(*), intent(in) :: term
    double precision, intent(in) :: s
    print '(a, " ", i0)', term, nint(s * 1d9, 8)
  end subroutine

  subroutine forget
    start = 0
    late = 0
    rest = 0
    wall = 0
    locks = 0
    critical = 0
  end subroutine

  subroutine spin(s)
    double precision, intent(in) :: s
    double precision :: until
    until = omp_get_wtime() + s
    do while (omp_get_wtime() < until)
    end do
  end subroutine

  subroutine add
    double precision :: end
    end = maxval(last(0:team - 1))
    start = start + sum(first(0:team - 1) - fork)
    late = late + sum(end - last(0:team - 1))
    rest = rest + team * (join - end)
    wall = wall + join - fork
    locks = locks + sum(waited(0:team - 1))
    critical = critical + sum(inside(0:team - 1))
  end subroutine

  ! As in constructs.c: it waited until the one before let go.
  subroutine held(asked)
    double precision, intent(in) :: asked
    double precision :: now, before, from
    now = omp_get_wtime()
    !$omp atomic read
    before = let_go
    from = asked
    if (before > asked .and. before < now) from = before
    !$omp atomic write
    let_go = now
    waited(omp_get_thread_num()) = from - asked
    inside(omp_get_thread_num()) = now - from
  end subroutine

  subroutine with_lock
    double precision :: asked
    !$omp parallel private(asked)
    first(omp_get_thread_num()) = omp_get_wtime()
    if (omp_get_thread_num() == 0) team = omp_get_num_threads()
    asked = omp_get_wtime()
    call omp_set_lock(one)
    call spin(1d-4)
    call omp_unset_lock(one)
    call held(asked)
    last(omp_get_thread_num()) = omp_get_wtime()
    !$omp end parallel
  end subroutine

  subroutine with_critical
    double precision :: asked
    !$omp parallel private(asked)
    first(omp_get_thread_num()) = omp_get_wtime()
    if (omp_get_thread_num() == 0) team = omp_get_num_threads()
    asked = omp_get_wtime()
    !$omp critical
    call spin(1d-4)
    !$omp end critical
    call held(asked)
    last(omp_get_thread_num()) = omp_get_wtime()
    !$omp end parallel
  end subroutine

  subroutine with_workshare
    !$omp parallel
    first(omp_get_thread_num()) = omp_get_wtime()
    if (omp_get_thread_num() == 0) team = omp_get_num_threads()
    !$omp workshare
    a = a + 1
    !$omp end workshare
    call spin(1d-4)
    last(omp_get_thread_num()) = omp_get_wtime()
    !$omp end parallel
  end subroutine

end program
