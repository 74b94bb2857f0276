# What the alerts ask of Prometheus, asked of CloudWatch. Each condition has the alert's threshold; a condition over a time has the
# rule's window as its period, and as many periods as window and `for` make; one without has `for` in minutes.

locals {
  # Of POST /orders and everything else on that load balancer; refusals of the load balancer itself count as the service's.
  error_ratio = {
    expression = "(FILL(target, 0) + FILL(balancer, 0)) / (FILL(requests, 0) + FILL(balancer, 0))"
    metrics = {
      target   = { namespace = "AWS/ApplicationELB", name = "HTTPCode_Target_5XX_Count", stat = "Sum", dimensions = local.target_group }
      balancer = { namespace = "AWS/ApplicationELB", name = "HTTPCode_ELB_5XX_Count", stat = "Sum", dimensions = local.load_balancer }
      requests = { namespace = "AWS/ApplicationELB", name = "RequestCount", stat = "Sum", dimensions = local.target_group }
    }
  }

  load_balancer = { LoadBalancer = var.load_balancer.arn_suffix }
  target_group  = merge(local.load_balancer, { TargetGroup = var.load_balancer.target_group_arn_suffix })

  # Alert → its conditions, all of which have to hold, by the window in the alarm's name.
  conditions = {
    OrdersErrorBudgetBurnsFast = {
      "1h" = merge(local.error_ratio, { above = 14.4 * 0.001, period = 3600, periods = 1 })
      "5m" = merge(local.error_ratio, { above = 14.4 * 0.001, period = 300, periods = 1 })
    }

    OrdersErrorBudgetBurnsSlowly = {
      "6h"  = merge(local.error_ratio, { above = 6 * 0.001, period = 21600, periods = 1 })
      "30m" = merge(local.error_ratio, { above = 6 * 0.001, period = 1800, periods = 1 })
    }

    OrdersAcknowledgedSlowly = {
      "5m" = {
        expression = "slowest"
        metrics    = { slowest = { namespace = "AWS/ApplicationELB", name = "TargetResponseTime", stat = "p99", dimensions = local.target_group } }
        above      = 1
        period     = 300
        periods    = 2
      }
    }

    OrdersProducerAbsent = {
      "" = {
        expression = "healthy"
        metrics    = { healthy = { namespace = "AWS/ApplicationELB", name = "HealthyHostCount", stat = "Maximum", dimensions = local.target_group } }
        below      = 1
        period     = 60
        periods    = 2
      }
    }

    OrdersConsumerAbsent = {
      "" = {
        expression = "running"
        metrics = { running = { namespace = "ECS/ContainerInsights", name = "RunningTaskCount", stat = "Maximum", dimensions = {
          ClusterName = var.consumer.cluster_name
          ServiceName = var.consumer.service_name
        } } }
        below   = 1
        period  = 60
        periods = 2
      }
    }

    OrdersConsumerLags = {
      "" = {
        expression = "catch_up"
        metrics = { catch_up = { namespace = "AWS/Kafka", name = "EstimatedMaxTimeLag", stat = "Maximum", dimensions = {
          "Cluster Name"   = var.kafka.cluster_name
          "Consumer Group" = var.consumer.group_id
          "Topic"          = var.kafka.topic
        } } }
        above   = 30
        period  = 60
        periods = 5
      }
    }

    OrdersDeadLetters = {
      "10m" = {
        # Each broker has a metric of its own: the query adds them up, however many there are.
        expression = "SELECT SUM(MessagesInPerSec) FROM SCHEMA(\"AWS/Kafka\", \"Broker ID\", \"Cluster Name\", Topic) WHERE \"Cluster Name\" = '${var.kafka.cluster_name}' AND Topic = '${var.kafka.dead_letter_topic}'"
        metrics    = {}
        above      = 0
        period     = 600
        periods    = 1
      }
    }
  }

  # Alert → why no metric of CloudWatch says the same. These need the workspace (module observability).
  not_expressed = {
    OrdersConsumerStalled = "MSK knows the lag of a group and what a broker sends, not what one member has processed."
    OrdersPartitionsWait  = "Only the consumer knows which partitions it has paused."
    OrdersRegistryStale   = "Glue publishes no metric of its answers to one client."
    OrdersRebalanceStorm  = "MSK publishes no count of rebalances."
  }
}
