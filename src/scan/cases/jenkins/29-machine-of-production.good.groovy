// --- Jenkinsfile
pipeline {
    agent none
    options { timeout(time: 1, unit: 'HOURS') }
    stages {
        stage('Test') {
            agent { label 'throw-away' }
            steps { sh './test.sh' }
        }
        stage('Deploy to production') {
            agent { label 'production' }
            when { branch 'main' }
            steps {
                withCredentials([file(credentialsId: 'kubeconfig', variable: 'KUBECONFIG')]) {
                    sh 'kubectl apply -f k8s/'
                }
            }
        }
    }
}
